#include "engine/ffi/yuv/plane.h"

#include <libyuv/planar_functions.h>
#include <libyuv/rotate.h>
#include <libyuv/scale.h>

namespace mainstay::ffi {

void scale_plane(Plane from, WritablePlane to) {
  libyuv::ScalePlane(from.data, from.stride, from.width, from.height, to.data, to.stride, to.width, to.height,
                     libyuv::kFilterBox);
}

void copy_plane(Plane from, WritablePlane to) {
  libyuv::CopyPlane(from.data, from.stride, to.data, to.stride, to.width, to.height);
}

void rotate_plane(Plane from, int degrees, WritablePlane to) {
  libyuv::RotatePlane(from.data, from.stride, to.data, to.stride, from.width, from.height,
                      static_cast<libyuv::RotationMode>(degrees));
}

}  // namespace mainstay::ffi
