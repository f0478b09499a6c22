#include "ui/strip_filter_panel.h"

#include <QAbstractItemView>
#include <QAction>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "ui/actions.h"
#include "ui/filter_box.h"
#include "ui/filter_menu.h"

namespace mainstay::ui {

namespace {

constexpr double kListWidth = 17;  // in units, as in the layers' panel
constexpr const char* kEq = "eq";
constexpr const char* kDuck = "duck";
constexpr std::array<const char*, 6> kKinds{"denoise", "gate", kEq, "compressor", "limiter", kDuck};
constexpr std::size_t kMostBands = 8;

const show::FieldInfo* field_of(const show::ObjectInfo& object, const std::string& key) {
  const auto found = std::find_if(object.fields.begin(), object.fields.end(),
                                  [&](const show::FieldInfo& field) { return field.key == key; });
  return found == object.fields.end() ? nullptr : &*found;
}

/// What is declared of a strip's key; null: there is no such key.
const show::FieldInfo* strip_field(const std::string& key) {
  const show::ObjectInfo* at = &show::show_info();
  for (const char* step : {"mixer", "strips"}) {
    const show::FieldInfo* const field = field_of(*at, step);
    if (field == nullptr || field->objects.empty()) return nullptr;
    at = field->objects.front();
  }
  return field_of(*at, key);
}

bool is_on(const show::Json& filters, const std::string& kind) {
  const auto found = filters.find(kind);
  if (found == filters.end()) return false;
  if (found->is_array())
    return std::any_of(found->begin(), found->end(),
                       [](const show::Json& band) { return band.value("enabled", true); });
  return found->value("enabled", true);
}

}  // namespace

StripFilterPanel::StripFilterPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent)
    : QWidget(parent), theme_(theme), model_(model), actions_(actions) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.4));
  auto* head = new QHBoxLayout;
  head->setSpacing(theme.gap(0.4));
  head->addWidget(make_heading(theme, tr("SOUND OF"), this));
  strips_ = new QComboBox(this);
  strips_->setFocusPolicy(Qt::NoFocus);
  strips_->view()->setFocusPolicy(Qt::NoFocus);
  strips_->setMinimumContentsLength(10);
  strips_->setToolTip(tr("Strip whose filters these are"));
  strips_->setAccessibleName(tr("Strip"));
  head->addWidget(strips_);
  head->addStretch();
  for (QAction* action : {actions.add_band, actions.remove, actions.view}) {
    QToolButton* const button = make_button(action, this);
    button->setObjectName(QStringLiteral("small"));
    head->addWidget(button);
  }
  layout->addLayout(head);
  auto* row = new QHBoxLayout;
  row->setSpacing(theme.gap(0.6));
  list_ = new FilterList(theme, this);
  list_->setFixedWidth(theme.gap(kListWidth));
  row->addWidget(list_);
  const FilterBox box = make_filter_box(theme, this);
  hint_ = box.hint;
  scroll_ = box.scroll;
  row->addWidget(box.panel, 1);
  layout->addLayout(row, 1);
  connect(strips_, &QComboBox::textActivated, this, &StripFilterPanel::choose_strip);
  connect(list_, &FilterList::current_changed, this, &StripFilterPanel::show_forms);
  connect(list_, &FilterList::enabled_wanted, this,
          [this](const QString& kind, bool on) { switch_filter(kind.toStdString(), on); });
  refresh();
}

void StripFilterPanel::choose_strip(const QString& strip) {
  strip_ = strip.toStdString();
  refresh();
}

void StripFilterPanel::show_mixer(const MixerSnapshot& mixer) {
  mixer_ = mixer;
  refresh();
}

void StripFilterPanel::refresh() {
  QStringList names;
  for (const StripSnapshot& strip : mixer_.strips) {
    if (!strip.silent || !strip.filters.empty()) names << QString::fromStdString(strip.name);
  }
  QStringList shown;
  for (int i = 0; i < strips_->count(); ++i) shown << strips_->itemText(i);
  const QSignalBlocker quiet(strips_);
  if (names != shown) {
    strips_->clear();
    strips_->addItems(names);
  }
  if (!names.contains(QString::fromStdString(strip_))) strip_ = names.isEmpty() ? "" : names.first().toStdString();
  strips_->setCurrentText(QString::fromStdString(strip_));
  strips_->setEnabled(!names.isEmpty());
  filters_ = show::Json::object();
  for (const StripSnapshot& strip : mixer_.strips) {
    if (strip.name == strip_) filters_ = strip.filters;
  }
  std::vector<FilterSnapshot> list;
  if (!strip_.empty()) {
    for (const char* kind : kKinds) list.push_back({kind, kind, is_on(filters_, kind), "", "", {}});
  }
  list_->show_filters(list);
  show_forms();
}

const show::Json* StripFilterPanel::settings(const std::string& kind) const {
  const auto found = filters_.find(kind);
  return found == filters_.end() ? nullptr : &*found;
}

// The forms stay while they are of the same filter: hands are on them.
void StripFilterPanel::show_forms() {
  const FilterSnapshot* const chosen = list_->current();
  const std::string kind = chosen == nullptr ? "" : chosen->kind;
  const show::Json* const set = settings(kind);
  const std::size_t count = set == nullptr ? 0 : set->is_array() ? set->size() : 1;
  const std::string of = strip_ + '\n' + kind + '\n' + std::to_string(count);
  if (of != forms_of_) {
    make_forms(kind, count);
    forms_of_ = of;
  }
  for (std::size_t i = 0; i < forms_.size(); ++i) forms_[i]->show_values(set->is_array() ? (*set)[i] : *set);
  const show::FieldInfo* const field = strip_field(kind);
  QString hint;
  if (chosen == nullptr) {
    hint = tr("No source of this show has sound.");
  } else if (field != nullptr && !field->objects.empty() && count == 0) {
    hint = QString::fromStdString(field->objects.front()->help) + tr("\nIts dot switches it on.");
  }
  hint_->set_text(hint);
  hint_->setVisible(!hint.isEmpty());
  scroll_->setVisible(count > 0);
  actions_.add_band->setEnabled(kind == kEq && count < kMostBands);
  actions_.remove->setEnabled(count > 0);
}

void StripFilterPanel::make_forms(const std::string& kind, std::size_t count) {
  delete scroll_->takeWidget();
  forms_.clear();
  const show::FieldInfo* const field = strip_field(kind);
  if (field == nullptr || field->objects.empty() || count == 0) return;
  auto* all = new QWidget;
  auto* column = new QVBoxLayout(all);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme_.gap(0.5));
  FieldForm::Options options;
  if (kind != kEq) options.without = {"enabled"};
  if (kind == kDuck) {
    for (const StripSnapshot& strip : mixer_.strips) {
      if (!strip.silent && strip.name != strip_) options.words["by"].push_back(strip.name);
    }
  }
  for (std::size_t band = 0; band < count; ++band) {
    if (kind == kEq) column->addWidget(make_heading(theme_, tr("BAND %1").arg(band + 1), all));
    auto* form = new FieldForm(theme_, *field->objects.front(), options, all);
    connect(form, &FieldForm::wanted, this,
            [this, kind, band](const std::string& key, const show::Json& value) { ask(kind, band, key, value); });
    column->addWidget(form);
    forms_.push_back(form);
  }
  column->addStretch();
  scroll_->setWidget(all);
}

void StripFilterPanel::ask(const std::string& kind, std::size_t band, const std::string& key, const show::Json& value) {
  if (kind != kEq) return model_.set_strip_filter(strip_, kind, {{key, value}});
  const show::Json* const set = settings(kind);
  if (set == nullptr || band >= set->size()) return;
  show::Json bands = *set;
  // As all of them stand in the hands, also where the engine has not followed yet.
  for (std::size_t i = 0; i < std::min(bands.size(), forms_.size()); ++i) {
    for (const FieldEditor* editor : forms_[i]->editors()) bands[i][editor->field().key] = editor->value();
  }
  bands[band][key] = value;
  model_.set_strip_filter(strip_, kind, std::move(bands));
}

void StripFilterPanel::switch_filter(const std::string& kind, bool on) {
  const show::Json* const set = settings(kind);
  list_->choose(kind);
  if (kind == kEq) {
    if (set == nullptr) return add_band();
    show::Json bands = *set;
    for (show::Json& band : bands) band["enabled"] = on;
    return model_.set_strip_filter(strip_, kind, std::move(bands));
  }
  if (set != nullptr) return model_.set_strip_filter(strip_, kind, {{"enabled", on}});
  show::Json fresh = show::Json::object();
  if (kind == kDuck) {  // by somebody it must be
    const auto other = std::find_if(mixer_.strips.begin(), mixer_.strips.end(),
                                    [&](const StripSnapshot& one) { return !one.silent && one.name != strip_; });
    if (other == mixer_.strips.end()) return hint_->set_text(tr("There is no other source with sound to duck by."));
    fresh["by"] = other->name;
  }
  model_.set_strip_filter(strip_, kind, std::move(fresh));
}

void StripFilterPanel::add_band() {
  if (strip_.empty()) return;
  const show::Json* const set = settings(kEq);
  show::Json bands = set != nullptr ? *set : show::Json::array();
  if (bands.size() >= kMostBands) return;
  bands.push_back(show::Json::object());
  model_.set_strip_filter(strip_, kEq, std::move(bands));
}

void StripFilterPanel::remove() {
  const FilterSnapshot* const chosen = list_->current();
  if (chosen == nullptr) return;
  const show::Json* const set = settings(chosen->kind);
  if (set == nullptr) return;
  show::Json rest;
  if (set->is_array() && set->size() > 1) {
    rest = *set;
    rest.erase(rest.size() - 1);
  }
  model_.set_strip_filter(strip_, chosen->kind, std::move(rest));
}

}  // namespace mainstay::ui
