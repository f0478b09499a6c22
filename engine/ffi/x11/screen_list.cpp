#include "engine/ffi/x11/screen_list.h"

#ifdef MAINSTAY_XCB
#include <xcb/xcb.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#endif

namespace mainstay::ffi {

#ifdef MAINSTAY_XCB

namespace {

constexpr std::uint32_t kMostWindows = 512;
constexpr std::uint32_t kLongestTitle = 256;  // bytes

struct Free {
  void operator()(void* reply) const { std::free(reply); }
};
template <class T>
using ReplyPtr = std::unique_ptr<T, Free>;

struct Disconnect {
  void operator()(xcb_connection_t* connection) const { xcb_disconnect(connection); }
};

class Display {
 public:
  explicit Display(xcb_connection_t* connection) : x_(connection) {
    client_list_ = atom("_NET_CLIENT_LIST");
    net_name_ = atom("_NET_WM_NAME");
    utf8_ = atom("UTF8_STRING");
  }

  std::vector<ScreenWindow> windows(xcb_window_t root) const {
    std::vector<ScreenWindow> all;
    for (const xcb_window_t id : clients(root)) {
      ScreenWindow window;
      window.id = id;
      if (seen(id) && place(id, root, window)) {
        window.title = title(id);
        if (!window.title.empty()) all.push_back(std::move(window));
      }
    }
    return all;
  }

 private:
  xcb_atom_t atom(std::string_view name) const {
    const auto cookie = xcb_intern_atom(x_, 1, static_cast<std::uint16_t>(name.size()), name.data());
    const ReplyPtr<xcb_intern_atom_reply_t> reply(xcb_intern_atom_reply(x_, cookie, nullptr));
    return reply ? reply->atom : static_cast<xcb_atom_t>(XCB_ATOM_NONE);
  }

  ReplyPtr<xcb_get_property_reply_t> property(xcb_window_t window, xcb_atom_t name, xcb_atom_t type,
                                              std::uint32_t words) const {
    if (name == XCB_ATOM_NONE) return nullptr;
    const auto cookie = xcb_get_property(x_, 0, window, name, type, 0, words);
    return ReplyPtr<xcb_get_property_reply_t>(xcb_get_property_reply(x_, cookie, nullptr));
  }

  /// The window manager's list; without a manager, what lies on the screen.
  std::vector<xcb_window_t> clients(xcb_window_t root) const {
    if (const auto list = property(root, client_list_, XCB_ATOM_WINDOW, kMostWindows); list && list->format == 32) {
      const auto* first = static_cast<const xcb_window_t*>(xcb_get_property_value(list.get()));
      const int count = xcb_get_property_value_length(list.get()) / 4;
      if (count > 0) return {first, first + count};
    }
    const ReplyPtr<xcb_query_tree_reply_t> tree(xcb_query_tree_reply(x_, xcb_query_tree(x_, root), nullptr));
    if (!tree) return {};
    const xcb_window_t* first = xcb_query_tree_children(tree.get());
    return {first, first + std::min<int>(xcb_query_tree_children_length(tree.get()), kMostWindows)};
  }

  bool seen(xcb_window_t window) const {
    const auto cookie = xcb_get_window_attributes(x_, window);
    const ReplyPtr<xcb_get_window_attributes_reply_t> reply(xcb_get_window_attributes_reply(x_, cookie, nullptr));
    return reply && reply->map_state == XCB_MAP_STATE_VIEWABLE && reply->_class == XCB_WINDOW_CLASS_INPUT_OUTPUT;
  }

  bool place(xcb_window_t id, xcb_window_t root, ScreenWindow& window) const {
    const ReplyPtr<xcb_get_geometry_reply_t> size(xcb_get_geometry_reply(x_, xcb_get_geometry(x_, id), nullptr));
    const auto cookie = xcb_translate_coordinates(x_, id, root, 0, 0);
    const ReplyPtr<xcb_translate_coordinates_reply_t> at(xcb_translate_coordinates_reply(x_, cookie, nullptr));
    if (!size || !at) return false;
    window.x = at->dst_x;
    window.y = at->dst_y;
    window.width = size->width;
    window.height = size->height;
    return true;
  }

  std::string title(xcb_window_t window) const {
    const std::array<std::pair<xcb_atom_t, xcb_atom_t>, 2> kinds{
        {{net_name_, utf8_}, {XCB_ATOM_WM_NAME, XCB_ATOM_STRING}}};
    for (const auto& [name, type] : kinds) {
      const auto reply = property(window, name, type, kLongestTitle / 4);
      if (!reply || reply->format != 8) continue;
      const auto* text = static_cast<const char*>(xcb_get_property_value(reply.get()));
      const int length = xcb_get_property_value_length(reply.get());
      if (length > 0) return {text, text + length};
    }
    return {};
  }

  xcb_connection_t* x_;
  xcb_atom_t client_list_ = XCB_ATOM_NONE;
  xcb_atom_t net_name_ = XCB_ATOM_NONE;
  xcb_atom_t utf8_ = XCB_ATOM_NONE;
};

}  // namespace

Result<std::vector<Screen>> list_screens(const std::string& display) {
  const char* environment = std::getenv("DISPLAY");
  const std::string name = !display.empty() ? display : environment != nullptr ? environment : "";
  if (name.empty()) return make_error(Errc::io, "no display is named and the environment variable DISPLAY is not set");
  const std::unique_ptr<xcb_connection_t, Disconnect> connection(xcb_connect(name.c_str(), nullptr));
  if (!connection || xcb_connection_has_error(connection.get()) != 0)
    return make_error(Errc::io, "the display {} does not answer or does not let us in", name);
  const Display x(connection.get());
  const std::string base = name.substr(0, name.find('.', name.rfind(':') == name.npos ? 0 : name.rfind(':')));
  std::vector<Screen> screens;
  for (auto root = xcb_setup_roots_iterator(xcb_get_setup(connection.get())); root.rem > 0; xcb_screen_next(&root)) {
    screens.push_back({fmt::format("{}.{}", base, screens.size()), root.data->width_in_pixels,
                       root.data->height_in_pixels, x.windows(root.data->root)});
  }
  return screens;
}

#else

Result<std::vector<Screen>> list_screens(const std::string&) {
  return make_error(Errc::unsupported, "screens are listed with X11 only");
}

#endif

}  // namespace mainstay::ffi
