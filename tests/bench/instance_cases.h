/* SPDX-License-Identifier: GPL-3.0-or-later
 * instance_cases.h - one tiny instance of each family, with an optimum that is seen by eye. */
#ifndef KERB_TEST_INSTANCE_CASES_H
#define KERB_TEST_INSTANCE_CASES_H

/* Four customers around a depot, two a vehicle: twice 10 + 14 (14.14 rounded) + 10. */
static const char tiny_cvrp[] = "NAME : tiny\nTYPE : CVRP\nDIMENSION : 5\n"
                                "EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 2\nNODE_COORD_SECTION\n"
                                "1 50 50\n2 60 50\n3 50 60\n4 40 50\n5 50 40\n"
                                "DEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\n5 1\n"
                                "DEPOT_SECTION\n1\n-1\nEOF\n";

/* Two customers on one line, the far one first: 20 out, 10 back, 10 home; by two vehicles 60. */
static const char tiny_vrptw[] =
    "TINY\n\nVEHICLE\nNUMBER     CAPACITY\n  2         10\n\nCUSTOMER\n"
    "CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   "
    "SERVICE   TIME\n\n"
    "  0  0  0  0  0  1000  0\n"
    "  1 10  0  5 40   60  5\n"
    "  2 20  0  5  0   25  5\n";

/* A one-way ring of four places by its matrix, broken over lines anyhow: once round is 4. */
#define TINY_RING "EDGE_WEIGHT_SECTION\n0 1 2 3 3 0 1 2\n2 3 0 1\n1 2\n3 0\n"
static const char tiny_cvrp_matrix[] =
    "NAME : ring\nTYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EXPLICIT\n"
    "EDGE_WEIGHT_FORMAT : FULL_MATRIX\nCAPACITY : 3\n" TINY_RING
    "DEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\nDEPOT_SECTION\n1\n-1\nEOF\n";

/* The same ring; the last place is due before the first opens, so it takes a second round. */
static const char tiny_vrptw_matrix[] =
    "RING\n\nEDGE_WEIGHT_TYPE : EXPLICIT\n\nVEHICLE\nNUMBER     CAPACITY\n  2         10\n\n"
    "CUSTOMER\nCUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n\n"
    "  0  0  0  0  0  40000  0\n  1  0  0  1  20000  40000  0\n  2  0  0  1  0  40000  0\n"
    "  3  0  0  1  0  3  0\n" TINY_RING;

/* A ring of four edges, two a vehicle: each route is the length of the ring. */
static const char tiny_carp[] = " NOMBRE : ring\n COMENTARIO : 8 (cota superior)\n VERTICES : 4\n"
                                " ARISTAS_REQ : 4\n ARISTAS_NOREQ : 0\n VEHICULOS : 2\n"
                                " CAPACIDAD : 2\n TIPO_COSTES_ARISTAS : EXPLICITOS\n"
                                " COSTE_TOTAL_REQ : 4\n LISTA_ARISTAS_REQ :\n"
                                " ( 1, 2)  coste 1 demanda 1\n ( 2, 3)  coste 1 demanda 1\n"
                                " ( 3, 4)  coste 1 demanda 1\n ( 4, 1)  coste 1 demanda 1\n"
                                " DEPOSITO :   1\n";

/* A one-way ring of three, one arc served: 2 + 2 driven, 7 served, 5 for the dump. */
static const char tiny_mcarp[] = "NAME : ring\nNODES : 3\nREQ_EDGES : 0\nNOREQ_EDGES : 0\n"
                                 "REQ_ARCS : 1\nNOREQ_ARCS : 2\nVEHICLES : 1\nCAPACITY : 10\n"
                                 "DUMPING_COST : 5\nLIST_REQ_ARCS :\n"
                                 "( 2, 3)   serv_cost 7   trav_cost 3   demand 4\n"
                                 "LIST_NOREQ_ARCS :\n( 1, 2)   cost 2\n( 3, 1)   cost 2\n"
                                 "DEPOT : 1\n";

/* A street from the depot by a dump to its end, a full load on either side of the dump: serve 3,
 * dump 5, serve 4, back 2, dump 5, home 1. */
static const char tiny_mcarptif[] =
    "NAME : street\nNODES : 3\nREQ_EDGES : 2\nNOREQ_EDGES : 0\nREQ_ARCS : 0\nNOREQ_ARCS : 0\n"
    "VEHICLES : 1\nCAPACITY : 4\nDUMPING_COST : 5\nMAX_TRIP : 30\nLIST_REQ_EDGES :\n"
    "(-1,-2)   serv_cost 3   trav_cost 1   demand 4\n"
    "(-2,-3)   serv_cost 4   trav_cost 2   demand 4\nDEPOT : -1\nDUMPING_SITES : -2\n";

/* A place, an edge and an arc on a ring of three; served links cost what driving them costs. */
static const char tiny_mcgrp[] =
    "Name:\t\tring\nOptimal value:\t-1\n#Vehicles:\t-1\nCapacity:\t9\nDepot Node:\t1\n"
    "#Nodes:\t\t3\n#Edges:\t\t1\n#Arcs:\t\t2\n#Required N:\t1\n#Required E:\t1\n#Required A:\t1\n\n"
    "ReN.\tDEMAND\tS. COST\nN3\t1\t1\n\n"
    "ReE.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST\nE1\t1\t2\t4\t1\t5\n\n"
    "EDGE\tFROM N.\tTO N.\tT. COST\n\n"
    "ReA.\tFROM N.\tTO N.\tT. COST\tDEMAND\tS. COST\nA1\t3\t2\t6\t1\t7\n\n"
    "ARC\tFROM N.\tTO N.\tT. COST\nNrA1\t1\t3\t5\n";

/* A street 1-2-3 and a side street 2-4: six links of 10, and turns. Out to 3 with place 2 on the
 * way (straight on, 0), back (U, 8), into the side street (1), back (U, 8), home (1). The other
 * way round the turns cost 20. */
static const char tiny_mcgrp_tp[] =
    "Name:\t\t\tcross\n#Vehicles:\t\t2\nCapacity:\t\t9\nDepot:\t\t\t1\n#Nodes:\t\t\t4\n"
    "#Edges:\t\t\t3\n#Arcs:\t\t\t0\n#Required-N:\t1\n#Required-E:\t2\n#Required-A:\t0\n"
    "#Nb-Turns:\t\t9\n\n----------NODES----------\nINDEX\tQTY\tIS-REQUIRED\tX\tY\n"
    "1\t0\t0\t0\t0\n2\t1\t1\t1\t0\n3\t0\t0\t2\t0\n4\t0\t0\t1\t1\n\n"
    "----------EDGES----------\nINDEX-I\tINDEX-J\tQTY\tIS-REQUIRED\tTR-COST\n"
    "1\t2\t0\t0\t10\n2\t3\t1\t1\t10\n2\t4\t1\t1\t10\n\n"
    "-----------ARCS----------\nINDEX-I\tINDEX-J\tQTY\tIS-REQUIRED\tTR-COST\n\n"
    "----------TURNS----------\nINDEX-I\tINDEX-J INDEX-K\tCOST TYPE\n"
    "1\t2\t3\t0\tF\n1\t2\t4\t2\tL\n2\t3\t2\t8\tU\n2\t4\t2\t8\tU\n3\t2\t1\t0\tF\n3\t2\t4\t1\tR\n"
    "4\t2\t1\t1\tR\n4\t2\t3\t2\tL\n2\t1\t2\t8\tU\n";

/* Out east 10, left (2) into the street to serve (7), dump at its end (20, and turn there for
 * nothing), back 5, right (1), home 10. */
static const char tiny_mcarptif_tp[] =
    "NAME\tcorner\nNODES\t3\nREQ_EDGES\t1\nNOREQ_EDGES\t1\nREQ_ARCS\t0\nNOREQ_ARCS\t0\n"
    "CAPACITY\t9\t9\nDUMPING_COST\t20\nMAX_DURATION\t100\nDEPOT\t1\nDUMPING_SITES\t3\n"
    "TURN_PENALTY\t0\t1\t2\t8\nLIST_REQ_EDGES :\n"
    "2\t3\t7.0\t5.0\t3\t2.0\t2000.0 1000.0,2000.0 2000.0\n"
    "LIST_NOREQ_EDGES :\n1\t2\t0.0\t10.0\t0\t0\t1000.0 1000.0,1500.0 1100.0,2000.0 1000.0\n";

/* On one line, in miles: depot 0, stops at 1 and 3, a landfill at 2, and room for one stop: out by
 * 1, 2, 3, 2 and back, and somewhere the lunch. The stop at 3 opens at 13:00. */
static const char tiny_wcvrptw[] =
    "10.0 // capacity\n30.0 // of a day\n9 // stops\n3600 // lunch\n40 // MPH\n"
    "Stop_ID X(feet) Y(feet) ... Stop_Type(0: Depot, 1: regular stop, 2: Landfill)\n"
    "0  0.00 -5280.00 0400 1500 0 9999.00 0\n1 10560.00 -5280.00 0000 2400 600 9999.00 2\n"
    "2 5280.00 -5280.00 0000 2400 60 8.50 1\n3 15840.00 -5280.00 1300 2400 60 8.50 1\n";

/* Two customers on one line, for whom there is room on one trip of 40: but what the far one gets is
 * there after the near one has closed. By the one vehicle in two trips 20 + 40. */
static const char tiny_mtvrptwr[] =
    "NAME: tiny\nTYPE: MTVRPTWR\nEDGE_WEIGHT_TYPE: EUC_2D\nDIMENSION: 3\nVEHICLES: 1\n"
    "CAPACITY: 2\nSERVICE_TIME: 1\nNODE_COORD_SECTION\n1 0 0\n2 1 0\n3 2 0\n"
    "DEMAND_SECTION\n1 0\n2 1\n3 1\nTIME_WINDOW_SECTION\n1 0 40\n2 0 5\n3 0 40\n"
    "RELEASE_TIME_SECTION\n1 0\n2 0\n3 30\nVEHICLES_RELOAD_DEPOT_SECTION\n1 1\n"
    "DEPOT_SECTION\n1\nEOF\n";

static const struct tiny_case {
    const char *problem, *text;
    double optimum;
} tiny_cases[] = {
    {"cvrp", tiny_cvrp, 68},         {"vrptw", tiny_vrptw, 40},
    {"carp", tiny_carp, 8},          {"mcarp", tiny_mcarp, 16},
    {"mcarptif", tiny_mcarptif, 20}, {"mcgrp", tiny_mcgrp, 15},
    {"mcgrp_tp", tiny_mcgrp_tp, 78}, {"mcarptif_tp", tiny_mcarptif_tp, 55},
    {"cvrp", tiny_cvrp_matrix, 4},   {"vrptw", tiny_vrptw_matrix, 8},
    {"wcvrptw", tiny_wcvrptw, 6},    {"mtvrptwr", tiny_mtvrptwr, 60},
};
enum { N_TINY_CASES = sizeof tiny_cases / sizeof tiny_cases[0] };
#endif
