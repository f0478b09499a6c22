// The fields of how other programs and machines reach the show. Each key is declared here and nowhere else.
#include "engine/show/show_schema.h"

namespace mainstay::show {

template <>
const Section<ObsPort>& section_of<ObsPort>() {
  static const auto section =
      Section<ObsPort>("obs", "A port for software that speaks obs-websocket 5: stream decks, Companion, scripts.")
          .field("enabled", &ObsPort::enabled, {.help = "false: closed, and what is set here is kept."})
          .field("listen", &ObsPort::listen,
                 {.help = "Where it listens, HOST:PORT. HOST is an IP address of this machine, localhost, or 0.0.0.0 "
                          "for all networks, which takes a password.",
                  .references = true})
          .field("password", &ObsPort::password,
                 {.help = "What clients must give; empty: none is asked for.", .secret = true, .references = true})
          .field("role", &ObsPort::role,
                 {.help = "What clients may do: view looks, operate runs the show, admin changes it too."});
  return section;
}

template <>
const Section<Remote>& section_of<Remote>() {
  static const auto section =
      Section<Remote>("remote",
                      "The API (JSON-RPC over HTTP and WebSocket at /api). Without any token it serves this machine "
                      "alone, as admin; with one, every client has to give one.")
          .field("listen", &Remote::listen,
                 {.help = "Where it listens, HOST:PORT. HOST is an IP address of this machine, localhost, or 0.0.0.0 "
                          "for all networks, which takes a token.",
                  .references = true})
          .field("token", &Remote::token,
                 {.help = "Lets a client do everything (role admin). At least 8 characters, best as "
                          "\"${secret:NAME}\".",
                  .secret = true,
                  .references = true})
          .field("operate_token", &Remote::operate_token,
                 {.help = "Lets a client run the show, but not change it (role operate).",
                  .secret = true,
                  .references = true})
          .field("view_token", &Remote::view_token,
                 {.help = "Lets a client look (role view).", .secret = true, .references = true})
          .field("tls_cert", &Remote::tls_cert,
                 {.help = "Certificate with its chain (PEM), which makes the API speak https and wss alone; empty: "
                          "no TLS. A relative path is relative to the show file.",
                  .references = true})
          .field("tls_key", &Remote::tls_key,
                 {.help = "Its key (PEM), without a passphrase; empty: it stands in tls_cert.", .references = true})
          .field("allow_origins", &Remote::allow_origins,
                 {.max_items = 64,
                  .help = "Web pages, besides those served from here, whose scripts may use the API, as "
                          "\"https://panel.example.org\"."})
          .field("obs", &Remote::obs, {.help = "The obs-websocket port; absent: none."});
  return section;
}

}  // namespace mainstay::show
