#include "ui/scene_list.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace mainstay::ui {

namespace {

enum Tally { none, on_preview, on_program };
constexpr int kTallyRole = Qt::UserRole;

/// A name with its tally: a filled bar at the left, and a tinted row.
class SceneDelegate : public QStyledItemDelegate {
 public:
  SceneDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {theme_.gap(8), theme_.gap(1.9)};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const int tally = index.data(kTallyRole).toInt();
    QRect row = option.rect.adjusted(0, 1, 0, -1);
    painter->fillRect(row, option.state & QStyle::State_MouseOver ? theme_.hover : theme_.raised);
    if (tally != none) {
      const QColor color = tally == on_program ? theme_.on_air : theme_.preview;
      QColor tint = color;
      tint.setAlpha(tally == on_program ? 110 : 80);
      painter->fillRect(row, tint);
      painter->fillRect(QRect(row.topLeft(), QSize(theme_.gap(0.4), row.height())), color);
    }
    painter->setFont(theme_.strong);
    painter->setPen(tally != none ? Qt::white : theme_.text);
    row.adjust(theme_.gap(0.9), 0, -theme_.gap(0.4), 0);
    painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(theme_.strong).elidedText(index.data().toString(), Qt::ElideRight, row.width()));
  }

 private:
  const Theme& theme_;
};

}  // namespace

SceneList::SceneList(const Theme& theme, QWidget* parent) : QListWidget(parent), theme_(theme) {
  setItemDelegate(new SceneDelegate(theme, this));
  setSelectionMode(QAbstractItemView::NoSelection);
  setFocusPolicy(Qt::NoFocus);  // the space bar is CUT
  setMouseTracking(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Scenes"));
  connect(this, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) { emit chosen(item->text()); });
}

void SceneList::show_snapshot(const Snapshot& snapshot) {
  if (snapshot.scenes != scenes_) {
    scenes_ = snapshot.scenes;
    clear();
    for (const std::string& scene : scenes_) {
      auto* item = new QListWidgetItem(QString::fromStdString(scene), this);
      item->setToolTip(tr("Click: %1").arg(snapshot.program.studio_mode ? tr("to preview") : tr("on air")));
    }
  }
  const ProgramSnapshot& program = snapshot.program;
  current_ = QString::fromStdString(program.studio_mode ? program.preview : program.scene);
  const bool on_air = snapshot.phase == Phase::on_air;
  for (int i = 0; i < count(); ++i) {
    const std::string name = item(i)->text().toStdString();
    const bool leaves = program.transition && program.transition->from == name;
    const int tally = on_air && (name == program.scene || leaves)      ? on_program
                      : program.studio_mode && name == program.preview ? on_preview
                                                                       : none;
    if (item(i)->data(kTallyRole).toInt() != tally) item(i)->setData(kTallyRole, tally);
  }
}

QString SceneList::neighbour(int steps) const {
  if (count() == 0) return {};
  int at = -1;
  for (int i = 0; i < count(); ++i) {
    if (item(i)->text() == current_) at = i;
  }
  if (at < 0) return item(0)->text();
  return item((at + steps % count() + count()) % count())->text();
}

}  // namespace mainstay::ui
