/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_pass.hpp - part of osm_read.cpp: one pass of libosmium over the file, checks of ids and
 * coordinates, and the positions of the nodes that are asked for. */
#ifndef KI_OSM_PASS_HPP
#define KI_OSM_PASS_HPP
#include "io/osm_bytes.hpp"
#include "io/osm_guard.hpp"
#include "io/osm_tags.h"

#include <cstring>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm.hpp>
#include <osmium/thread/pool.hpp>

#include <algorithm>
#include <cinttypes>

namespace {

/* ---- passes over the file -------------------------------------------------------------------- */

template <typename Each>
void read_pass(const Input &input, const OsmFormat &format, osmium::osm_entity_bits::type entities,
               Each &&each) {
    osmium::thread::Pool pool{1}; // of our own: the default one lives until the process ends
    osmium::io::Reader reader{osmium::io::File{plain_name(input.path), format.name}, entities,
                              osmium::io::read_meta::no, pool};
    while (const osmium::memory::Buffer buffer = reader.read())
        for (const auto &object : buffer.select<osmium::OSMObject>())
            if (object.visible()) each(object);
    reader.close();
}

/* What follows the string that begins at a place; the end of the list if nothing does. */
const char *after_null(const char *at, const char *end) {
    const void *null = at < end ? std::memchr(at, 0, static_cast<size_t>(end - at)) : nullptr;
    return null ? static_cast<const char *>(null) + 1 : end;
}

/* libosmium's own iterator looks for the end of a string beyond the list where a key or value of
 * the file holds a NUL, so the list is walked here, within its bytes. */
void read_tags(const osmium::OSMObject &object, Vector<ki_tag> &tags) {
    tags.clear();
    const osmium::TagList &list = object.tags();
    const char *at = reinterpret_cast<const char *>(&list) + sizeof list;
    const char *end = reinterpret_cast<const char *>(&list) + list.byte_size();
    while (at < end) {
        const char *value = after_null(at, end);
        const char *next = after_null(value, end);
        if (value == next || next[-1] != '\0') break; /* a value that is not ended */
        tags.push_back(ki_tag{at, value});
        at = next;
    }
}

/* Value of a key; null where it is absent. */
const char *find_tag(const Vector<ki_tag> &tags, const char *key) {
    for (const ki_tag &tag : tags)
        if (std::strcmp(tag.key, key) == 0) return tag.value;
    return nullptr;
}

/* Negative ids are what an editor gives to objects not yet uploaded; published
 * extracts hold some. */
void expect_id(const Input &input, const char *what, int64_t object_id, const char *field,
               int64_t id) {
    if (id != 0) return;
    input.expect(ki_fail(input.err, KERB_BAD_INPUT,
                         "%s, %s %" PRId64 ", field %s: %" PRId64
                         ", expected a number other than 0",
                         input.path, what, object_id, field, id));
}

/* value in 1e-7 degrees; limit in degrees. */
void expect_degrees(const Input &input, int64_t node_id, const char *field, int32_t value,
                    int32_t limit) {
    if (value >= -limit * 10000000 && value <= limit * 10000000) return;
    input.expect(ki_fail(input.err, KERB_BAD_INPUT,
                         "%s, node %" PRId64 ", field %s: %.7f, expected -%d to %d", input.path,
                         node_id, field, value / 1e7, limit, limit));
}

/* ---- positions of the nodes that are asked for ----------------------------------------------- */

constexpr int32_t NOWHERE = INT32_MAX;

struct Position {
    int64_t id;
    int32_t lat_e7, lon_e7;
};

class Positions {
  public:
    void ask(int64_t id) {
        positions_.push_back(Position{id, NOWHERE, NOWHERE});
    }

    void close_asking() {
        std::sort(positions_.begin(), positions_.end(),
                  [](const Position &a, const Position &b) { return a.id < b.id; });
        positions_.erase(
            std::unique(positions_.begin(), positions_.end(),
                        [](const Position &a, const Position &b) { return a.id == b.id; }),
            positions_.end());
    }

    Position *find(int64_t id) {
        const auto at = std::lower_bound(
            positions_.begin(), positions_.end(), id,
            [](const Position &position, int64_t wanted) { return position.id < wanted; });
        return at != positions_.end() && at->id == id ? &*at : nullptr;
    }

  private:
    Vector<Position> positions_;
};

/* Checks every node of the extract; true if it has a position and was asked for. */
bool place_node(const Input &input, const osmium::Node &node, Positions &positions) {
    expect_id(input, "node", node.id(), "id", node.id());
    if (node.location().is_undefined()) return false;
    expect_degrees(input, node.id(), "lat", node.location().y(), 90);
    expect_degrees(input, node.id(), "lon", node.location().x(), 180);
    Position *position = positions.find(node.id());
    if (!position) return false;
    position->lat_e7 = node.location().y();
    position->lon_e7 = node.location().x();
    return true;
}

} // namespace
#endif
