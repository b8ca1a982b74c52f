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
#include "io/osm_pass.hpp"
#include "io/osm_store.hpp"
#include "io/osm_tags.h"
extern "C" {
#include "road/correct.h"
}

namespace {

/* ---- from the file to the sink --------------------------------------------------------------- */

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
    chain_all_via_ways(extract);
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
                "%s: 0 roads a vehicle may use among %zu ways (%zu node refs missing), expected at "
                "least one",
                input.path, extract.counts.n_ways, extract.counts.n_missing_refs);
        throw Failed{KERB_BAD_INPUT};
    }
    for (const ki_osm_restriction &restriction : extract.restrictions)
        input.expect(sink.add_restriction(sink.payload, &restriction, input.err));
    extract.counts.n_restrictions = extract.restrictions.size();
}

/* ---- places where waste arises --------------------------------------------------------------- */

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

/* ---- the graph as a sink --------------------------------------------------------------------- */

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

/* ---- the C door ------------------------------------------------------------------------------ */

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
                        const ki_corrections *corrections, kerb_error *err) {
    ki_graph_builder *builder = nullptr;
    ki_osm_counts counts;
    *out = nullptr;
    KI_TRY(ki_graph_builder_new(&builder, err));
    const ki_osm_sink sink{builder, graph_tag_node, graph_add_way, graph_add_restriction};
    kerb_status status = ki_osm_extract(&sink, &counts, path, max_decompressed_mb, err);
    if (status == KERB_OK && corrections)
        status = ki_graph_correct(builder, corrections->items, corrections->n, err);
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

} // extern "C"
