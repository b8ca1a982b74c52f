/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract.h - the classical contraction of a graph, for comparison. */
#ifndef KERB_BENCH_CONTRACT_H
#define KERB_BENCH_CONTRACT_H
#include "bench/contract_graph.h"

/* Leaves every node with its edges to those contracted later. Fails with KERB_NO_MEMORY. */
kerb_status bench_contract(bench_contract_graph *graph, kerb_error *err);
#endif
