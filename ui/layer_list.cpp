#include "ui/layer_list.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyledItemDelegate>
#include <algorithm>

namespace mainstay::ui {

namespace {

constexpr int kVisibleRole = Qt::UserRole;
constexpr int kLockedRole = Qt::UserRole + 1;
constexpr int kCurrentRole = Qt::UserRole + 2;
constexpr int kSourceRole = Qt::UserRole + 3;

/// Squares at the row's left for the eye and the lock.
QRect eye_box(const QRect& row) {
  return {row.left(), row.top(), row.height(), row.height()};
}
QRect lock_box(const QRect& row) {
  return eye_box(row).translated(row.height(), 0);
}

void draw_eye(QPainter& painter, const QRectF& box, bool open) {
  const QPointF c = box.center();
  const double w = box.width() * 0.30;
  const double h = box.height() * 0.20;
  QPainterPath lids(QPointF(c.x() - w, c.y()));
  lids.quadTo(QPointF(c.x(), c.y() - 2 * h), QPointF(c.x() + w, c.y()));
  if (open) lids.quadTo(QPointF(c.x(), c.y() + 2 * h), QPointF(c.x() - w, c.y()));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(lids);
  if (!open) return painter.drawLine(QPointF(c.x() - w, c.y() + h), QPointF(c.x() + w, c.y() - 2 * h));
  painter.setBrush(painter.pen().color());
  painter.drawEllipse(c, h * 0.55, h * 0.55);
}

void draw_lock(QPainter& painter, const QRectF& box, bool closed) {
  const QPointF c = box.center();
  const double w = box.width() * 0.17;
  const QRectF body(c.x() - w, c.y() - w * 0.1, 2 * w, 1.6 * w);
  painter.setBrush(closed ? QBrush(painter.pen().color()) : QBrush(Qt::NoBrush));
  painter.drawRect(body);
  const double lift = closed ? 0 : w * 0.5;
  painter.setBrush(Qt::NoBrush);
  painter.drawArc(QRectF(c.x() - w * 0.65, body.top() - w * 1.2 - lift, 1.3 * w, 2.2 * w), 0, 180 * 16);
}

class LayerDelegate : public QStyledItemDelegate {
 public:
  LayerDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {theme_.gap(8), theme_.gap(1.9)};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QRect row = option.rect.adjusted(0, 1, 0, -1);
    const bool visible = index.data(kVisibleRole).toBool();
    const bool locked = index.data(kLockedRole).toBool();
    painter->fillRect(row, index.data(kCurrentRole).toBool() || option.state & QStyle::State_MouseOver ? theme_.hover
                                                                                                       : theme_.raised);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(visible ? theme_.text : theme_.faint, 1.4));
    draw_eye(*painter, eye_box(row), visible);
    painter->setPen(QPen(locked ? theme_.amber : theme_.faint, 1.4));
    draw_lock(*painter, lock_box(row), locked);
    painter->restore();
    QRect text = row.adjusted(2 * row.height() + theme_.gap(0.3), 0, -theme_.gap(0.4), 0);
    const QString name = index.data().toString();
    const QString source = index.data(kSourceRole).toString();
    painter->setFont(theme_.strong);
    painter->setPen(visible ? theme_.text : theme_.faint);
    const QFontMetrics metrics(theme_.strong);
    const QString elided = metrics.elidedText(name, Qt::ElideRight, text.width());
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, elided);
    if (source == name) return;
    text.adjust(metrics.horizontalAdvance(elided) + theme_.gap(0.6), 0, 0, 0);
    painter->setFont(theme_.small);
    painter->setPen(theme_.dim);
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(theme_.small).elidedText(source, Qt::ElideRight, std::max(0, text.width())));
  }

 private:
  const Theme& theme_;
};

}  // namespace

LayerList::LayerList(const Theme& theme, QWidget* parent) : QListWidget(parent), theme_(theme) {
  setItemDelegate(new LayerDelegate(theme, this));
  setSelectionMode(QAbstractItemView::NoSelection);
  setFocusPolicy(Qt::NoFocus);
  setMouseTracking(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Layers"));
}

void LayerList::show_scene(const SceneSnapshot& scene) {
  if (scene == scene_) return;
  const bool other = scene.name != scene_.name;
  const bool same_layers = !other && scene.layers.size() == scene_.layers.size();
  scene_ = scene;
  if (other) current_.clear();
  if (!same_layers) {
    clear();
    for (std::size_t i = 0; i < scene_.layers.size(); ++i) new QListWidgetItem(this);
  }
  refresh();
  emit current_changed();
}

void LayerList::refresh() {
  for (int row = 0; row < count(); ++row) {
    const LayerSnapshot& layer = scene_.layers[scene_.layers.size() - 1 - static_cast<std::size_t>(row)];
    QListWidgetItem* const at = item(row);
    at->setText(QString::fromStdString(layer.name));
    at->setData(kSourceRole, QString::fromStdString(layer.source));
    at->setData(kVisibleRole, layer.visible);
    at->setData(kLockedRole, layer.locked);
    at->setData(kCurrentRole, layer.name == current_);
    at->setToolTip(tr("%1: source %2. Eye: shown or hidden; lock: stays where it is")
                       .arg(at->text(), QString::fromStdString(layer.source)));
  }
}

const LayerSnapshot* LayerList::current() const {
  const auto found = std::find_if(scene_.layers.begin(), scene_.layers.end(),
                                  [&](const LayerSnapshot& layer) { return layer.name == current_; });
  return found == scene_.layers.end() ? nullptr : &*found;
}

int LayerList::current_position() const {
  const LayerSnapshot* const layer = current();
  return layer == nullptr ? -1 : static_cast<int>(layer - scene_.layers.data());
}

void LayerList::mousePressEvent(QMouseEvent* event) {
  const QModelIndex index = indexAt(event->pos());
  if (!index.isValid() || event->button() != Qt::LeftButton) return;
  const QRect row = visualRect(index).adjusted(0, 1, 0, -1);
  const QString name = index.data().toString();
  if (eye_box(row).contains(event->pos())) {
    emit visible_wanted(name, !index.data(kVisibleRole).toBool());
  } else if (lock_box(row).contains(event->pos())) {
    emit locked_wanted(name, !index.data(kLockedRole).toBool());
  } else {
    choose(name);
  }
}

void LayerList::choose(const QString& layer) {
  current_ = layer.toStdString();
  refresh();
  emit current_changed();
}

}  // namespace mainstay::ui
