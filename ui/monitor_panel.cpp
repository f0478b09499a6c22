#include "ui/monitor_panel.h"

#include <QAbstractItemView>
#include <QAction>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions.h"
#include "ui/format.h"

namespace mainstay::ui {

namespace {

constexpr double kWidth = 13;  // of what stands beside the fader, in units

QString bus_text(const std::string& bus) {
  if (bus == "program") return MonitorPanel::tr("Program");
  if (bus == "monitor") return MonitorPanel::tr("Program or solo");
  return QString::fromStdString(bus).replace(QLatin1String("aux"), MonitorPanel::tr("Aux "));
}

QString state_text(const Snapshot& snapshot, const MonitorSnapshot& monitor) {
  if (!monitor.enabled) return MonitorPanel::tr("Off: nothing is heard here.");
  if (monitor.state == "live") return MonitorPanel::tr("Live, %1 ms late").arg(qRound(monitor.latency_ms));
  if (monitor.state == "failed") return QString::fromStdString(monitor.detail);
  if (snapshot.phase != Phase::on_air) return MonitorPanel::tr("Heard once the show is on air.");
  return monitor.state == "opening" ? MonitorPanel::tr("Opening…") : QString::fromStdString(monitor.state);
}

/// Which sound that is just now.
QString heard_text(const Snapshot& snapshot, const MonitorSnapshot& monitor) {
  if (!monitor.enabled || monitor.bus != "monitor") return {};
  QStringList names;
  for (const StripSnapshot& strip : snapshot.mixer.strips) {
    if (strip.solo) names << QString::fromStdString(strip.name);
  }
  return names.isEmpty() ? QString() : MonitorPanel::tr("Solo: %1").arg(names.join(QStringLiteral(", ")));
}

QComboBox* make_list(const QString& help, QWidget* parent) {
  auto* list = new QComboBox(parent);
  list->setFocusPolicy(Qt::NoFocus);
  list->view()->setFocusPolicy(Qt::NoFocus);
  list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  list->setMinimumContentsLength(6);
  list->setToolTip(help);
  list->setAccessibleName(help);
  return list;
}

}  // namespace

MonitorPanel::MonitorPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent)
    : QFrame(parent), theme_(theme), model_(model), actions_(actions) {
  setObjectName(QStringLiteral("panel"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, theme.gap(0.5), 0);
  layout->setSpacing(theme.gap(0.3));
  strip_ = new StripView(
      theme, false,
      [this](const char* key, const show::Json& value) {
        model_.set_monitor({{key, value}});
      },
      this);
  layout->addWidget(strip_);
  auto* side = new QWidget(this);
  side->setFixedWidth(theme.gap(kWidth));
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, theme.gap(0.5), 0, theme.gap(0.4));
  column->setSpacing(theme.gap(0.4));
  buses_ = make_list(tr("Bus that is heard at this machine"), side);
  for (const char* bus : show::kAudioBusNames) buses_->addItem(bus_text(bus), QString::fromLatin1(bus));
  devices_ = make_list(tr("Sound device of this machine"), side);
  column->addWidget(buses_);
  column->addWidget(devices_);
  auto* keys = new QHBoxLayout;
  keys->setSpacing(theme.gap(0.4));
  for (QAction* action : {actions.listen, actions.devices}) {
    QToolButton* const button = make_button(action, side);
    button->setObjectName(QStringLiteral("small"));
    keys->addWidget(button);
  }
  keys->addStretch();
  column->addLayout(keys);
  state_ = new WrapLabel(theme.small, theme.dim, side);
  heard_ = new WrapLabel(theme.small, theme.calm, side);
  column->addWidget(state_);
  column->addWidget(heard_);
  column->addStretch();
  layout->addWidget(side);
  connect(buses_, &QComboBox::activated, this, [this] {
    model_.set_monitor({{"bus", buses_->currentData().toString().toStdString()}});
  });
  connect(devices_, &QComboBox::activated, this, [this] {
    model_.set_monitor({{"device", devices_->currentData().toString().toStdString()}});
  });
  connect(&model_, &StudioModel::monitor_devices_listed, this, &MonitorPanel::devices_listed);
}

void MonitorPanel::show_snapshot(const Snapshot& snapshot) {
  declared_ = snapshot.monitor.has_value();
  monitor_ = snapshot.monitor.value_or(MonitorSnapshot{});
  if (!declared_) {
    monitor_.bus = "monitor";
    monitor_.enabled = false;
  }
  const bool open = !snapshot.show_name.empty() || !snapshot.show_path.empty();
  BusSnapshot shown;
  shown.name = "monitor";
  shown.gain_db = monitor_.gain_db;
  shown.mute = monitor_.mute;
  const auto bus = std::find_if(snapshot.mixer.buses.begin(), snapshot.mixer.buses.end(),
                                [&](const BusSnapshot& one) { return one.name == monitor_.bus; });
  if (bus != snapshot.mixer.buses.end() && monitor_.enabled) shown.meter = bus->meter;
  strip_->show_bus(shown);
  const QSignalBlocker quiet(buses_);
  buses_->setCurrentIndex(buses_->findData(QString::fromStdString(monitor_.bus)));
  show_devices();
  actions_.listen->setChecked(monitor_.enabled);
  for (QWidget* part : {static_cast<QWidget*>(strip_), static_cast<QWidget*>(buses_), static_cast<QWidget*>(devices_)})
    part->setEnabled(open);
  strip_->setEnabled(open && monitor_.enabled);
  actions_.listen->setEnabled(open);
  state_->set_text(open ? state_text(snapshot, monitor_) : tr("No show open."));
  state_->set_color(monitor_.state == "failed" && monitor_.enabled ? theme_.amber : theme_.dim);
  heard_->set_text(heard_text(snapshot, monitor_));
  heard_->setVisible(!heard_->text().isEmpty());
}

// What the show names is in the list also when this machine does not have it.
void MonitorPanel::show_devices() {
  QStringList names{QString()};
  names << known_;
  const QString wanted = QString::fromStdString(monitor_.wanted);
  if (!names.contains(wanted)) names << wanted;
  QStringList shown;
  for (int i = 0; i < devices_->count(); ++i) shown << devices_->itemData(i).toString();
  const QSignalBlocker quiet(devices_);
  if (names != shown || devices_->count() == 0) {
    devices_->clear();
    for (const QString& name : names) {
      const QString text = !name.isEmpty()      ? name
                           : default_.isEmpty() ? tr("Default device")
                                                : tr("Default: %1").arg(default_);
      devices_->addItem(text, name);
      devices_->setItemData(devices_->count() - 1, text, Qt::ToolTipRole);
    }
  }
  devices_->setCurrentIndex(devices_->findData(wanted));
}

void MonitorPanel::devices_listed(const Json& devices, const QString& failure) {
  known_.clear();
  default_.clear();
  if (devices.is_array()) {
    for (const Json& device : devices) {
      const QString name = QString::fromStdString(device.value("name", std::string()));
      if (name.isEmpty() || known_.contains(name)) continue;
      known_ << name;
      if (device.value("default", false)) default_ = name;
    }
  }
  const QString help = tr("Sound device of this machine");
  devices_->setToolTip(failure.isEmpty() ? known_.isEmpty() ? tr("No sound device is found on this machine") : help
                                         : help + QStringLiteral(": ") + failure);
  devices_->clear();
  show_devices();
}

void MonitorPanel::list_devices() {
  listed_ = true;
  model_.list_monitor_devices();
}

void MonitorPanel::toggle_listening() {
  model_.set_monitor({{"enabled", !monitor_.enabled}});
}

void MonitorPanel::toggle_mute() {
  model_.set_monitor({{"mute", !monitor_.mute}});
}

void MonitorPanel::showEvent(QShowEvent* event) {
  QFrame::showEvent(event);
  if (!listed_) list_devices();
}

}  // namespace mainstay::ui
