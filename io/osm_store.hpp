/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_store.hpp - part of osm_read.cpp: what pass 1 keeps of an extract: roads with their node ids,
 * and turn restrictions. */
#ifndef KI_OSM_STORE_HPP
#define KI_OSM_STORE_HPP
#include "io/osm_pass.hpp"

namespace {

/* ---- roads ----------------------------------------------------------------------------------- */

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
    ki_condition_table *conditions;
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
    const ki_osm_into into{extract.conditions, way.id()};
    ki_osm_way_tags(tags.data(), tags.size(), &into, &road.tags);
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
    road.name = store_name(extract.names, find_tag(tags, "name"));
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

/* ---- restrictions ---------------------------------------------------------------------------- */

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

void store_restriction(const osmium::Relation &relation, const Members &members,
                       ki_osm_restriction restriction, Extract &extract) {
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

void store_restrictions(const osmium::Relation &relation, const Vector<ki_tag> &tags,
                        Extract &extract) {
    ki_osm_restriction turns[KI_OSM_MAX_TURNS];
    const ki_osm_into into{extract.conditions, relation.id()};
    const int n = ki_osm_restriction_tags(tags.data(), tags.size(), &into, turns);
    if (n == 0) return;
    if (ki_osm_is_conditional_restriction(tags.data(), tags.size()))
        extract.counts.n_conditional_restrictions++;
    Members members;
    sort_members(relation, members);
    for (int turn = 0; turn < n; turn++)
        store_restriction(relation, members, turns[turn], extract);
}

/* The contract is "in order of travel", and the members of a relation have no order one may trust:
 * chain the via ways from the end of the from way; leave them where no chain leads through all. */
struct Ends {
    int64_t id, first, last;

    bool touches(int64_t node) const {
        return first == node || last == node;
    }
};

Vector<Ends> find_ends(const Extract &extract) {
    Vector<Ends> ends;
    for (const Road &road : extract.roads)
        if (road.n_refs > 0)
            ends.push_back(Ends{road.id, extract.refs[road.first_ref],
                                extract.refs[road.first_ref + road.n_refs - 1]});
    std::sort(ends.begin(), ends.end(), [](const Ends &a, const Ends &b) { return a.id < b.id; });
    return ends;
}

const Ends *find_way(const Vector<Ends> &ends, int64_t id) {
    const auto at =
        std::lower_bound(ends.begin(), ends.end(), id,
                         [](const Ends &way, int64_t wanted) { return way.id < wanted; });
    return at != ends.end() && at->id == id ? &*at : nullptr;
}

void chain_via_ways(const Vector<Ends> &ends, ki_osm_restriction &restriction) {
    ki_osm_restriction chained = restriction;
    const Ends *before = find_way(ends, restriction.from_way);
    if (!before) return;
    int64_t here = before->first, or_here = before->last;
    for (int32_t place = 0; place < chained.n_via_ways; place++) {
        const Ends *next = nullptr;
        int32_t via = place;
        for (; via < chained.n_via_ways; via++) {
            next = find_way(ends, chained.via_ways[via]);
            if (next && (next->touches(here) || next->touches(or_here))) break;
        }
        if (via == chained.n_via_ways) return;
        std::swap(chained.via_ways[place], chained.via_ways[via]);
        const bool forwards = next->first == here || next->first == or_here;
        here = or_here = forwards ? next->last : next->first;
    }
    restriction = chained;
}

void chain_all_via_ways(Extract &extract) {
    const Vector<Ends> ends = find_ends(extract);
    for (ki_osm_restriction &restriction : extract.restrictions)
        if (restriction.n_via_ways > 1) chain_via_ways(ends, restriction);
}

} // namespace
#endif
