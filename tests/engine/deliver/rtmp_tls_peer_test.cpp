// RTMPS: nginx behind a TLS terminator, with authorities and certificates that the test makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "engine/deliver/rtmp_transport.h"
#include "tests/engine/deliver/rtmp_peers.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace mainstay::testing;  // NOLINT: a test's own helpers

// An authority, and certificates that it issues.
class Authority {
 public:
  Authority() {
    run({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
         path("ca.key"), "-out", path("ca.pem"), "-days", "2", "-subj", "/CN=Test authority"});
  }
  std::string file() const { return path("ca.pem"); }
  std::string path(const std::string& name) const { return (dir_ / name).string(); }

  /// Writes NAME.pem and NAME.key for a host; `days` may be negative.
  void issue(const std::string& name, const std::string& alternative_name, bool expired = false) const {
    run({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path(name + ".key"),
         "-out", path(name + ".csr"), "-subj", "/CN=" + name});
    std::ofstream(path(name + ".ext")) << "subjectAltName=" << alternative_name << "\n";
    std::vector<std::string> sign{
        "x509",   "-req",         "-in",  path(name + ".csr"), "-CA",      path("ca.pem"),
        "-CAkey", path("ca.key"), "-out", path(name + ".pem"), "-extfile", path(name + ".ext")};
    if (expired) {
      // OpenSSL 3.0 cannot date back with x509; `ca` can.
      std::ofstream(path("index.txt"));
      std::ofstream(path("ca.cnf")) << "[ca]\ndefault_ca=d\n[d]\ndatabase=" << path("index.txt")
                                    << "\nrand_serial=yes\npolicy=p\ndefault_md=sha256\nnew_certs_dir="
                                    << dir_.path().string() << "\n[p]\ncommonName=supplied\n";
      sign = {"ca",         "-batch",
              "-config",    path("ca.cnf"),
              "-in",        path(name + ".csr"),
              "-cert",      path("ca.pem"),
              "-keyfile",   path("ca.key"),
              "-out",       path(name + ".pem"),
              "-extfile",   path(name + ".ext"),
              "-startdate", "20200101000000Z",
              "-enddate",   "20200102000000Z",
              "-notext"};
    } else {
      sign.insert(sign.end(), {"-CAcreateserial", "-days", "2"});
    }
    run(sign);
  }

 private:
  static void run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    Process openssl(arguments);
    EXPECT_EQ(openssl.wait(Seconds(10)), 0) << "openssl " << arguments[1];
  }
  TempDir dir_;
};

class Terminator {
 public:
  Terminator(const Authority& authority, const std::string& name, std::uint16_t target)
      : port_(free_port()),
        process_({"python3", std::string(MAINSTAY_SOURCE_DIR) + "/tests/engine/deliver/rtmp_tls_proxy.py",
                  std::to_string(port_), authority.path(name + ".pem"), authority.path(name + ".key"),
                  std::to_string(target)}) {
    EXPECT_TRUE(wait_for_port(port_));
  }
  std::string url(const std::string& host = "localhost") const {
    return fmt::format("rtmps://{}:{}/live", host, port_);
  }
  void kill() { process_.signal(SIGKILL); }

 private:
  std::uint16_t port_;
  Process process_;
};

class RtmpsPeer : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> make(const std::string& url, const std::string& ca_file, bool verify = true) {
    show::LegConfig config;
    config.url = url;
    config.key = "secure-key";
    config.tls_ca_file = ca_file;
    config.tls_verify = verify;
    config.connect_timeout = Millis(1500);
    auto factory = make_rtmp_transport(config, clock_, log_, "leg test/main");
    return std::move((*factory)()).value();
  }
  Status open(const std::string& url, const std::string& ca_file, bool verify = true) {
    return make(url, ca_file, verify)->open(make_load(500, 1).streams, {});
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  Authority authority_;
};

TEST_F(RtmpsPeer, DeliversEverythingThroughTls) {
  NginxRtmp nginx;
  authority_.issue("good", "DNS:localhost");
  const Terminator terminator(authority_, "good", nginx.port());
  auto transport = make(terminator.url(), authority_.file());
  const Media media = make_load(4000, 2);
  const Status opened = transport->open(media.streams, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  for (const PacketPtr& packet : media.packets) {
    Status sent;
    while (!(sent = transport->send(packet)) && sent.error().code == Errc::again) ASSERT_TRUE(transport->poll());
    ASSERT_TRUE(sent) << sent.error().describe();
  }
  transport->close(clock_.now() + Seconds(2));
  nginx.quit();
  const auto files = nginx.recordings("secure-key");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(read_media(files[0]).size(), media.packets.size());
}

TEST_F(RtmpsPeer, AcceptsACertificateForAnAddress) {
  NginxRtmp nginx;
  authority_.issue("address", "IP:127.0.0.1");
  const Terminator terminator(authority_, "address", nginx.port());
  const Status opened = open(terminator.url("127.0.0.1"), authority_.file());
  EXPECT_TRUE(opened) << opened.error().describe();
}

TEST_F(RtmpsPeer, RefusesACertificateForAnotherHost) {
  authority_.issue("other", "DNS:elsewhere.example");
  const Terminator terminator(authority_, "other", free_port());
  const Status opened = open(terminator.url(), authority_.file());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::invalid);
  EXPECT_THAT(opened.error().message, HasSubstr("issued for another host"));
}

TEST_F(RtmpsPeer, RefusesAnUnknownAuthority) {
  authority_.issue("good", "DNS:localhost");
  const Authority stranger;
  const Terminator terminator(authority_, "good", free_port());
  const Status opened = open(terminator.url(), stranger.file());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("unknown authority"));
}

TEST_F(RtmpsPeer, RefusesAnExpiredCertificate) {
  authority_.issue("old", "DNS:localhost", true);
  const Terminator terminator(authority_, "old", free_port());
  const Status opened = open(terminator.url(), authority_.file());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("expired"));
}

TEST_F(RtmpsPeer, AcceptsAnyCertificateWhenToldNotToVerify) {
  NginxRtmp nginx;
  authority_.issue("other", "DNS:elsewhere.example");
  const Terminator terminator(authority_, "other", nginx.port());
  const Status opened = open(terminator.url(), "", false);
  EXPECT_TRUE(opened) << opened.error().describe();
}

TEST_F(RtmpsPeer, SaysThatThePortSpeaksNoTls) {
  NginxRtmp nginx;
  const Status opened = open(fmt::format("rtmps://127.0.0.1:{}/live", nginx.port()), authority_.file());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, ::testing::AnyOf(HasSubstr("TLS handshake"), HasSubstr("does not speak TLS")));
}

TEST_F(RtmpsPeer, SaysThatTheFileOfAuthoritiesIsMissing) {
  const Status opened = open("rtmps://127.0.0.1:1/live", "/nowhere/ca.pem");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::invalid);
  EXPECT_THAT(opened.error().message, HasSubstr("/nowhere/ca.pem"));
}

TEST_F(RtmpsPeer, NoticesThatTheServerIsGone) {
  NginxRtmp nginx;
  authority_.issue("good", "DNS:localhost");
  Terminator terminator(authority_, "good", nginx.port());
  auto transport = make(terminator.url(), authority_.file());
  const Media media = make_load(8000, 4);
  ASSERT_TRUE(transport->open(media.streams, {}));
  terminator.kill();
  Status sent;
  for (std::size_t i = 0; i < media.packets.size() && (sent || sent.error().code == Errc::again); ++i) {
    sent = transport->send(media.packets[i]);
    pass(Millis(2));
  }
  ASSERT_FALSE(sent);
  EXPECT_NE(sent.error().code, Errc::again);
  EXPECT_THAT(sent.error().message, Not(HasSubstr("secure-key")));
  transport->close(clock_.now() + Seconds(1));
}

}  // namespace
}  // namespace mainstay
