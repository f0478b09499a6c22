#include "engine/ffi/pango/zone_time.h"

#include "engine/ffi/pango/glib_ptr.h"

namespace mainstay::ffi {

Result<ZoneTime> ZoneTime::make(const std::string& zone) {
  GTimeZone* found = zone == "local" ? g_time_zone_new_local()
                     : zone == "UTC" ? g_time_zone_new_utc()
                                     : g_time_zone_new_identifier(zone.c_str());
  if (!found)
    return make_error(Errc::invalid, "there is no time zone '{}': UTC, local, or a name as Europe/Berlin", zone);
  ZoneTime out;
  out.zone_ = std::shared_ptr<void>(found, [](void* p) { g_time_zone_unref(static_cast<GTimeZone*>(p)); });
  return out;
}

Result<std::string> ZoneTime::format(UtcInstant at, const std::string& format) const {
  const auto whole = std::chrono::floor<Seconds>(at);
  const GlibPtr<GDateTime> utc(g_date_time_new_from_unix_utc(whole.time_since_epoch().count()));
  if (!utc) return make_error(Errc::invalid, "this time is beyond the calendar");
  const GlibPtr<GDateTime> there(g_date_time_to_timezone(utc.get(), static_cast<GTimeZone*>(zone_.get())));
  const GlibPtr<char> text(there ? g_date_time_format(there.get(), format.c_str()) : nullptr);
  if (!text) return make_error(Errc::invalid, "'{}' has a mark that strftime does not know", format);
  return std::string(text.get());
}

}  // namespace mainstay::ffi
