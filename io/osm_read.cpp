/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * osm_read.cpp - the only C++ of the engine: libosmium behind a C door that no exception passes.
 *
 * Two passes, so that memory follows the roads and not the extract, and so that the order of the
 * file does not matter (Overpass writes ways before nodes):
 *
 *   pass 1  ways ──► roads with their node ids;  relations ──► restrictions
 *   pass 2  nodes ──► positions and tags of those ids only
 *   then    tagged nodes, ways cut at missing nodes, restrictions ──► sink (the graph builder)
 *
 * Only when both passes and every call of the sink have succeeded does a caller see anything.
 * Coordinates stay the integers (1e-7 degrees) that OSM stores. */
#include "io/osm_read.h"
#include "io/osm_bytes.hpp"
#include "io/osm_guard.hpp"
#include "io/osm_tags.h"

#include <osmium/io/pbf_input.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm.hpp>
#include <osmium/thread/pool.hpp>

#include <algorithm>
#include <cinttypes>

namespace {

/* ---- passes over the file ----------------------------------------------------------------------
 */

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

void read_tags(const osmium::OSMObject &object, Vector<ki_tag> &tags) {
    tags.clear();
    for (const osmium::Tag &tag : object.tags())
        tags.push_back(ki_tag{tag.key(), tag.value()});
}

/* Negative ids are what an editor gives to objects not yet uploaded; published extracts hold some.
 */
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

/* ---- positions of the nodes that are asked for -------------------------------------------------
 */

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

/* ---- roads --------------------------------------------------------------------------------------
 */

struct Road {
    int64_t id;
    std::size_t first_ref, n_refs, name; // name: offset into names
    ki_way_tags tags;
};

struct Extract {
    Vector<Road> roads;
    Vector<int64_t> refs;
    Vector<char> names;
    Vector<ki_osm_restriction> restrictions;
    Positions positions;
    ki_osm_counts counts{};
};

std::size_t store_name(Vector<char> &names, const char *name) {
    const std::size_t at = names.size();
    if (!name) name = "";
    names.insert(names.end(), name, name + std::strlen(name) + 1);
    return at;
}

void store_way(const Input &input, const osmium::Way &way, const Vector<ki_tag> &tags,
               Extract &extract) {
    Road road{way.id(), extract.refs.size(), 0, 0, {}};
    extract.counts.n_ways++;
    if (!ki_osm_is_highway(tags.data(), tags.size())) return;
    ki_osm_way_tags(tags.data(), tags.size(), &road.tags);
    if (road.tags.road_class == KI_ROAD_NONE) {
        extract.counts.n_skipped_ways++;
        return;
    }
    expect_id(input, "way", way.id(), "id", way.id());
    for (const osmium::NodeRef &node : way.nodes()) {
        expect_id(input, "way", way.id(), "ref", node.ref());
        if (extract.refs.size() > road.first_ref && extract.refs.back() == node.ref()) continue;
        extract.refs.push_back(node.ref());
        extract.positions.ask(node.ref());
    }
    road.n_refs = extract.refs.size() - road.first_ref;
    road.name = store_name(extract.names, way.tags()["name"]);
    extract.counts.n_closed_ways += road.tags.access[0] == 0 && road.tags.access[1] == 0;
    extract.roads.push_back(road);
}

/* Merged extracts repeat ways: of equal ids the last one holds, where it stands. */
void drop_repeated_ways(Extract &extract) {
    Vector<std::size_t> order(extract.roads.size());
    for (std::size_t road = 0; road < order.size(); road++)
        order[road] = road;
    const Vector<Road> &roads = extract.roads;
    std::sort(order.begin(), order.end(), [&roads](std::size_t a, std::size_t b) {
        return roads[a].id != roads[b].id ? roads[a].id < roads[b].id : a < b;
    });
    for (std::size_t at = 0; at + 1 < order.size(); at++) {
        if (roads[order[at]].id != roads[order[at + 1]].id) continue;
        extract.roads[order[at]].n_refs = 0;
        extract.counts.n_skipped_ways++;
    }
}

/* ---- restrictions -------------------------------------------------------------------------------
 */

struct Members {
    Vector<int64_t> from, to, via_nodes, via_ways;
};

void sort_members(const osmium::Relation &relation, Members &members) {
    for (const osmium::RelationMember &member : relation.members()) {
        const bool is_way = member.type() == osmium::item_type::way;
        const bool is_node = member.type() == osmium::item_type::node;
        if (is_way && !std::strcmp(member.role(), "from")) members.from.push_back(member.ref());
        if (is_way && !std::strcmp(member.role(), "to")) members.to.push_back(member.ref());
        if (is_way && !std::strcmp(member.role(), "via")) members.via_ways.push_back(member.ref());
        if (is_node && !std::strcmp(member.role(), "via"))
            members.via_nodes.push_back(member.ref());
    }
}

bool none_is_zero(const Vector<int64_t> &ids) {
    return std::all_of(ids.begin(), ids.end(), [](int64_t id) { return id != 0; });
}

constexpr std::size_t MAX_ARMS = 16; // from or to ways of a no_entry or no_exit

/* no_entry may have several from ways, no_exit several to ways; an only_* has one of each. */
bool are_complete(const Members &members, bool only) {
    const bool one_via = members.via_nodes.size() == 1 && members.via_ways.empty();
    const bool via_ways = members.via_nodes.empty() && !members.via_ways.empty() &&
                          members.via_ways.size() <= KI_MAX_VIA_WAYS;
    const std::size_t arms = only ? 1 : MAX_ARMS;
    return (one_via || via_ways) && !members.from.empty() && !members.to.empty() &&
           members.from.size() <= arms && members.to.size() <= arms && none_is_zero(members.from) &&
           none_is_zero(members.to) && none_is_zero(members.via_nodes) &&
           none_is_zero(members.via_ways);
}

void store_restriction(const osmium::Relation &relation, const Vector<ki_tag> &tags,
                       Extract &extract) {
    ki_osm_restriction restriction{};
    Members members;
    if (ki_osm_is_conditional_restriction(tags.data(), tags.size()))
        extract.counts.n_conditional_restrictions++;
    if (!ki_osm_restriction_tags(tags.data(), tags.size(), &restriction)) return;
    sort_members(relation, members);
    if (relation.id() == 0 || !are_complete(members, restriction.only != 0)) {
        extract.counts.n_bad_restrictions++;
        return;
    }
    const bool u_turn = restriction.u_turn != 0;
    restriction.id = relation.id();
    restriction.via_node = members.via_nodes.empty() ? 0 : members.via_nodes[0];
    restriction.n_via_ways = static_cast<int32_t>(members.via_ways.size());
    std::copy(members.via_ways.begin(), members.via_ways.end(), restriction.via_ways);
    for (const int64_t from : members.from) {
        for (const int64_t to : members.to) {
            restriction.from_way = from;
            restriction.to_way = to;
            restriction.u_turn = u_turn && from == to; // else it is a plain ban from one to another
            extract.restrictions.push_back(restriction);
        }
    }
}

/* ---- from the file to the sink ------------------------------------------------------------------
 */

void read_roads(const Input &input, const OsmFormat &format, Extract &extract) {
    Vector<ki_tag> tags;
    read_pass(input, format, osmium::osm_entity_bits::way | osmium::osm_entity_bits::relation,
              [&](const osmium::OSMObject &object) {
                  read_tags(object, tags);
                  if (object.type() == osmium::item_type::way)
                      store_way(input, static_cast<const osmium::Way &>(object), tags, extract);
                  if (object.type() == osmium::item_type::relation)
                      store_restriction(static_cast<const osmium::Relation &>(object), tags,
                                        extract);
              });
    drop_repeated_ways(extract);
    extract.positions.close_asking();
}

void read_nodes(const Input &input, const OsmFormat &format, const ki_osm_sink &sink,
                Extract &extract) {
    Vector<ki_tag> tags;
    read_pass(input, format, osmium::osm_entity_bits::node, [&](const osmium::OSMObject &object) {
        const auto &node = static_cast<const osmium::Node &>(object);
        ki_node_tags meaning;
        if (!place_node(input, node, extract.positions) || node.tags().empty()) return;
        read_tags(node, tags);
        if (ki_osm_node_tags(tags.data(), tags.size(), &meaning))
            input.expect(sink.tag_node(sink.payload, node.id(), &meaning, input.err));
    });
}

struct Piece { // of a road between missing nodes
    Vector<int64_t> refs;
    Vector<int32_t> lat_e7, lon_e7;
};

/* True if it was worth delivering; empties the piece. */
bool deliver_piece(const Input &input, const ki_osm_sink &sink, const Extract &extract,
                   const Road &road, Piece &piece) {
    const bool worth = piece.refs.size() >= 2;
    if (worth)
        input.expect(sink.add_way(sink.payload, road.id, &extract.names[road.name], &road.tags,
                                  piece.refs.data(), piece.lat_e7.data(), piece.lon_e7.data(),
                                  piece.refs.size(), input.err));
    piece.refs.clear();
    piece.lat_e7.clear();
    piece.lon_e7.clear();
    return worth;
}

/* True if anything of the road was delivered. */
bool deliver_road(const Input &input, const ki_osm_sink &sink, Extract &extract, const Road &road,
                  Piece &piece) {
    bool delivered = false;
    for (std::size_t at = road.first_ref; at < road.first_ref + road.n_refs; at++) {
        const Position *position = extract.positions.find(extract.refs[at]);
        if (!position || position->lat_e7 == NOWHERE) {
            extract.counts.n_missing_refs++;
            delivered |= deliver_piece(input, sink, extract, road, piece);
            continue;
        }
        piece.refs.push_back(position->id);
        piece.lat_e7.push_back(position->lat_e7);
        piece.lon_e7.push_back(position->lon_e7);
    }
    return deliver_piece(input, sink, extract, road, piece) || delivered;
}

void deliver(const Input &input, const ki_osm_sink &sink, Extract &extract) {
    Piece piece;
    bool any_open = false;
    for (const Road &road : extract.roads) {
        if (!deliver_road(input, sink, extract, road, piece)) continue;
        extract.counts.n_roads++;
        any_open |= road.tags.access[0] != 0 || road.tags.access[1] != 0;
    }
    if (!any_open) {
        ki_fail(input.err, KERB_BAD_INPUT,
                "%s: 0 roads a vehicle may use among %zu ways, expected at least one", input.path,
                extract.counts.n_ways);
        throw Failed{KERB_BAD_INPUT};
    }
    for (const ki_osm_restriction &restriction : extract.restrictions)
        input.expect(sink.add_restriction(sink.payload, &restriction, input.err));
    extract.counts.n_restrictions = extract.restrictions.size();
}

/* ---- places where waste arises ------------------------------------------------------------------
 */

struct Spot {
    int64_t node; // where it stands; 0: it has a position
    ki_osm_spot spot;
};

ki_osm_spot make_spot(int32_t lat_e7, int32_t lon_e7, int kind) {
    return ki_osm_spot{lat_e7 / 1e7, lon_e7 / 1e7, kind};
}

void read_spots(const Input &input, const OsmFormat &format, Vector<ki_osm_spot> &spots) {
    Vector<ki_tag> tags;
    Vector<Spot> of_ways;
    Positions positions;
    read_pass(input, format, osmium::osm_entity_bits::way, [&](const osmium::OSMObject &object) {
        const auto &way = static_cast<const osmium::Way &>(object);
        read_tags(way, tags);
        const int kind = ki_osm_spot_tags(tags.data(), tags.size());
        if (!kind || way.nodes().empty()) return;
        of_ways.push_back(Spot{way.nodes().front().ref(), make_spot(0, 0, kind)});
        positions.ask(way.nodes().front().ref());
    });
    positions.close_asking();
    read_pass(input, format, osmium::osm_entity_bits::node, [&](const osmium::OSMObject &object) {
        const auto &node = static_cast<const osmium::Node &>(object);
        place_node(input, node, positions);
        if (node.tags().empty() || node.location().is_undefined()) return;
        read_tags(node, tags);
        const int kind = ki_osm_spot_tags(tags.data(), tags.size());
        if (kind) spots.push_back(make_spot(node.location().y(), node.location().x(), kind));
    });
    for (const Spot &spot : of_ways) {
        const Position *position = positions.find(spot.node);
        if (position && position->lat_e7 != NOWHERE)
            spots.push_back(make_spot(position->lat_e7, position->lon_e7, spot.spot.kind));
    }
}

/* ---- the graph as a sink ------------------------------------------------------------------------
 */

kerb_status graph_tag_node(void *builder, int64_t osm_id, const ki_node_tags *tags,
                           kerb_error *err) {
    return ki_graph_builder_tag_node(static_cast<ki_graph_builder *>(builder), osm_id, tags, err);
}

kerb_status graph_add_way(void *builder, int64_t osm_id, const char *name, const ki_way_tags *tags,
                          const int64_t *refs, const int32_t *lat_e7, const int32_t *lon_e7,
                          std::size_t n_refs, kerb_error *err) {
    return ki_graph_builder_add_way(static_cast<ki_graph_builder *>(builder), osm_id, name, tags,
                                    refs, lat_e7, lon_e7, n_refs, err);
}

kerb_status graph_add_restriction(void *builder, const ki_osm_restriction *restriction,
                                  kerb_error *err) {
    return ki_graph_builder_add_restriction(static_cast<ki_graph_builder *>(builder), restriction,
                                            err);
}

kerb_status make_roads(kerb_roads **out, ki_graph_builder *builder, const ki_osm_counts &counts,
                       const char *path, kerb_error *err) {
    ki_graph *graph = nullptr;
    KI_TRY(ki_graph_build(&graph, builder, err));
    auto *roads = static_cast<kerb_roads *>(ki_alloc_zero(1, sizeof(kerb_roads)));
    if (!roads) {
        ki_graph_free(graph);
        return ki_fail_no_memory(err, path);
    }
    roads->graph = graph;
    roads->n_skipped_ways = counts.n_skipped_ways;
    roads->n_bad_nodes = counts.n_missing_refs;
    roads->n_bad_restrictions = counts.n_bad_restrictions + counts.n_conditional_restrictions;
    roads->n_closed_ways = counts.n_closed_ways;
    *out = roads;
    return KERB_OK;
}

} // namespace

/* ---- the C door ---------------------------------------------------------------------------------
 */

extern "C" {

kerb_status ki_osm_extract(const ki_osm_sink *sink, ki_osm_counts *counts, const char *path,
                           uint64_t max_decompressed_mb, kerb_error *err) {
    const Input input{path, err};
    *counts = ki_osm_counts{};
    return guarded(input, [&] {
        Extract extract;
        const OsmFormat &format = find_format(input);
        check_file(input, format, max_decompressed_mb);
        read_roads(input, format, extract);
        read_nodes(input, format, *sink, extract);
        deliver(input, *sink, extract);
        *counts = extract.counts;
    });
}

kerb_status ki_osm_read(kerb_roads **out, const char *path, uint64_t max_decompressed_mb,
                        kerb_error *err) {
    ki_graph_builder *builder = nullptr;
    ki_osm_counts counts;
    *out = nullptr;
    KI_TRY(ki_graph_builder_new(&builder, err));
    const ki_osm_sink sink{builder, graph_tag_node, graph_add_way, graph_add_restriction};
    const kerb_status status = ki_osm_extract(&sink, &counts, path, max_decompressed_mb, err);
    if (status == KERB_OK) return make_roads(out, builder, counts, path, err);
    ki_graph_builder_free(builder);
    return status;
}

kerb_status ki_osm_read_spots(ki_osm_spot **out, size_t *n_out, const char *path, kerb_error *err) {
    const Input input{path, err};
    *out = nullptr;
    *n_out = 0;
    return guarded(input, [&] {
        Vector<ki_osm_spot> spots;
        const OsmFormat &format = find_format(input);
        check_file(input, format, 0);
        read_spots(input, format, spots);
        if (spots.empty()) return;
        const std::size_t size = spots.size() * sizeof(ki_osm_spot);
        *out = static_cast<ki_osm_spot *>(ki_alloc(size));
        if (!*out) throw std::bad_alloc{};
        std::memcpy(*out, spots.data(), size);
        *n_out = spots.size();
    });
}

kerb_status kerb_roads_load(kerb_roads **out, const char *path, kerb_error *err) {
    ki_error_clear(err);
    return ki_osm_read(out, path, 0, err);
}

} // extern "C"
