/* SPDX-License-Identifier: GPL-3.0-or-later
 * GLPK behind lp.h: right answers, and faults that cost one result only. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include "base/alloc.h"
#include "master/glpk_worker.h"
#include "master/lp.h"

#include <glpk.h>
#include <math.h>

/* Cover three items by sets {0,1} 3, {1,2} 3, {0,2} 3, {2} 1: LP 4, integer 4. Without {2}: 4.5
 * and 6. */
static ki_lp *covering(int n_sets) {
    static const double cost[] = {3, 3, 3, 1}, zero[] = {0, 0, 0, 0}, one[] = {1, 1, 1, 1};
    static const double none[] = {INFINITY, INFINITY, INFINITY};
    static const int32_t start[] = {0, 2, 4, 6, 7}, rows[] = {0, 1, 1, 2, 0, 2, 2};
    static const double ones[] = {1, 1, 1, 1, 1, 1, 1};
    ki_lp *lp;
    assert_int_equal(ki_lp_new(&lp, worker, NULL), KERB_OK);
    ki_lp_add_rows(lp, 3, one, none, NULL, NULL, NULL);
    ki_lp_add_columns(lp, n_sets, 1, cost, zero, one, start, rows, ones);
    return lp;
}

static void relaxation_and_integer_optimum_are_right(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    assert_int_equal(ki_lp_solve(lp, KI_LP_PRIMAL, 1000), KI_LP_OPTIMAL);
    assert_float_equal(ki_lp_objective(lp), 4.5, 1e-9);
    for (int row = 0; row < 3; row++)
        assert_float_equal(ki_lp_duals(lp)[row], 1.5, 1e-9);
    assert_int_equal(ki_lp_solve_integer(lp, NULL, 1000), KI_LP_OPTIMAL);
    assert_float_equal(ki_lp_objective(lp), 6, 1e-9);
    ki_lp_free(lp);
}

static void columns_added_later_improve_the_optimum(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    ki_lp_solve(lp, KI_LP_PRIMAL, 1000);
    const double cost = 1, lower = 0, upper = INFINITY, one = 1;
    const int32_t start[] = {0, 1}, row = 2;
    ki_lp_add_columns(lp, 1, 0, &cost, &lower, &upper, start, &row, &one);
    assert_int_equal(ki_lp_solve(lp, KI_LP_PRIMAL, 1000), KI_LP_OPTIMAL);
    assert_float_equal(ki_lp_objective(lp), 4, 1e-9);
    ki_lp_free(lp);
}

static void rows_added_later_cut_the_optimum_off(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    ki_lp_solve(lp, KI_LP_PRIMAL, 1000);
    const double lower = 2, upper = INFINITY, ones[] = {1, 1, 1};
    const int32_t start[] = {0, 3}, columns[] = {0, 1, 2};
    ki_lp_add_rows(lp, 1, &lower, &upper, start, columns, ones);
    assert_int_equal(ki_lp_solve(lp, KI_LP_DUAL, 1000), KI_LP_OPTIMAL);
    assert_float_equal(ki_lp_objective(lp), 6, 1e-9);
    ki_lp_free(lp);
}

static void incumbent_survives_when_no_node_may_be_opened(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    const double incumbent[] = {1, 1, 1};
    assert_int_not_equal(ki_lp_solve_integer(lp, incumbent, 0), KI_LP_FAULT);
    assert_true(ki_lp_objective(lp) <= 9 + 1e-9);
    ki_lp_free(lp);
}

static void infeasible_incumbent_is_not_believed(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    const double incumbent[] = {0, 0, 0};
    assert_int_equal(ki_lp_solve_integer(lp, incumbent, 1000), KI_LP_OPTIMAL);
    assert_float_equal(ki_lp_objective(lp), 6, 1e-9);
    ki_lp_free(lp);
}

static void not_a_number_is_refused(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    const double cost = NAN, lower = 0, upper = 1;
    const int32_t start[] = {0, 0};
    ki_lp_add_columns(lp, 1, 0, &cost, &lower, &upper, start, NULL, NULL);
    assert_int_equal(ki_lp_solve(lp, KI_LP_PRIMAL, 1000), KI_LP_FAULT);
    assert_string_equal(ki_lp_fault(lp), "a coefficient is not a number");
    ki_lp_free(lp);
}

static void adding_nothing_is_harmless(void **state) {
    (void)state;
    ki_lp *lp = covering(3);
    ki_lp_add_rows(lp, 0, NULL, NULL, NULL, NULL, NULL);
    ki_lp_add_columns(lp, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL);
    assert_int_equal(ki_lp_solve(lp, KI_LP_PRIMAL, 1000), KI_LP_OPTIMAL);
    ki_lp_free(lp);
}

static void abort_inside_costs_that_program_and_its_neighbours_only(void **state) {
    (void)state;
    ki_lp *lp = covering(3), *neighbour = covering(3);
    ki_lp_fail_at(1);
    assert_int_equal(ki_lp_solve(lp, KI_LP_PRIMAL, 1000), KI_LP_FAULT);
    assert_int_equal(ki_lp_solve(neighbour, KI_LP_PRIMAL, 1000), KI_LP_FAULT);
    ki_lp *later = covering(3);
    assert_int_equal(ki_lp_solve(later, KI_LP_PRIMAL, 1000), KI_LP_OPTIMAL);
    ki_lp_free(neighbour);
    ki_lp_free(lp);
    assert_int_equal(ki_lp_solve_integer(later, NULL, 1000), KI_LP_OPTIMAL);
    ki_lp_free(later);
}

/* Every operation of a small life fails once. */
static void abort_at_any_operation_leaves_the_process_alive(void **state) {
    (void)state;
    for (int64_t nth = 1; nth <= 5; nth++) {
        ki_lp_fail_at(nth);
        ki_lp *lp = covering(4);
        ki_lp_solve(lp, KI_LP_PRIMAL, 1000);
        ki_lp_solve_integer(lp, NULL, 1000);
        assert_true(nth > 4 || ki_lp_fault(lp) != NULL);
        ki_lp_free(lp);
    }
    ki_lp_fail_at(0);
}

static void fill_until_memory_ends(ki_lp *lp) {
    enum { N = 50000 };
    double *zero = ki_alloc_zero(N, sizeof *zero);
    double *many = ki_alloc_zero(N, sizeof *many);
    assert_true(zero && many);
    for (int row = 0; row < N; row++)
        many[row] = 10;
    ki_lp_add_rows(lp, N, zero, many, NULL, NULL, NULL);
    ki_lp_solve(lp, KI_LP_PRIMAL, 10);
    ki_free(zero);
    ki_free(many);
}

static void lack_of_memory_is_an_outcome(void **state) {
    (void)state;
    ki_lp_limit_memory_mb(1);
    ki_lp *lp = covering(3);
    fill_until_memory_ends(lp);
    assert_non_null(ki_lp_fault(lp));
    ki_lp_free(lp);
    ki_lp_limit_memory_mb(4096);
    lp = covering(3);
    assert_int_equal(ki_lp_solve(lp, KI_LP_PRIMAL, 1000), KI_LP_OPTIMAL);
    ki_lp_free(lp);
}

static void failed_allocations_of_ours_are_outcomes(void **state) {
    (void)state;
    for (int64_t nth = 2; nth < 12; nth++) {
        ki_alloc_fail_at(nth);
        ki_lp *lp = covering(3);
        ki_lp_outcome outcome = ki_lp_solve_integer(lp, NULL, 1000);
        ki_alloc_fail_at(0);
        assert_true(outcome == KI_LP_OPTIMAL || outcome == KI_LP_FAULT);
        ki_lp_free(lp);
    }
}

/* The caller's own GLPK, on its own thread, is untouched by our faults. */
static void callers_own_glpk_survives_our_faults(void **state) {
    (void)state;
    glp_term_out(GLP_OFF);
    glp_prob *own = glp_create_prob();
    glp_add_cols(own, 1);
    glp_set_obj_coef(own, 1, 2);
    glp_set_col_bnds(own, 1, GLP_DB, 3, 9);
    glp_add_rows(own, 1);
    glp_set_row_bnds(own, 1, GLP_FR, 0, 0);
    for (int64_t nth = 1; nth <= 4; nth++) {
        ki_lp_fail_at(nth);
        ki_lp *lp = covering(3);
        ki_lp_solve(lp, KI_LP_PRIMAL, 1000);
        ki_lp_solve_integer(lp, NULL, 1000);
        assert_int_equal(glp_simplex(own, NULL), 0);
        assert_float_equal(glp_get_obj_val(own), 6, 1e-9);
        ki_lp_free(lp);
    }
    ki_lp_fail_at(0);
    glp_delete_prob(own);
    glp_free_env();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relaxation_and_integer_optimum_are_right),
        cmocka_unit_test(columns_added_later_improve_the_optimum),
        cmocka_unit_test(rows_added_later_cut_the_optimum_off),
        cmocka_unit_test(incumbent_survives_when_no_node_may_be_opened),
        cmocka_unit_test(infeasible_incumbent_is_not_believed),
        cmocka_unit_test(not_a_number_is_refused),
        cmocka_unit_test(adding_nothing_is_harmless),
        cmocka_unit_test(abort_inside_costs_that_program_and_its_neighbours_only),
        cmocka_unit_test(abort_at_any_operation_leaves_the_process_alive),
        cmocka_unit_test(lack_of_memory_is_an_outcome),
        cmocka_unit_test(failed_allocations_of_ours_are_outcomes),
        cmocka_unit_test(callers_own_glpk_survives_our_faults),
    };
    return cmocka_run_group_tests_name("lp", tests, start_worker, end_worker);
}
