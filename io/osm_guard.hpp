/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_guard.hpp - part of osm_read.cpp: errors and memory of ours in C++ clothes, and the wall that
 * no exception passes. */
#ifndef KI_OSM_GUARD_HPP
#define KI_OSM_GUARD_HPP
#include "io/osm_read.h"
extern "C" {
#include "base/alloc.h"
#include "base/error.h"
}

#include <protozero/exception.hpp>

#include <exception>
#include <memory>
#include <new>
#include <system_error>
#include <vector>

namespace {

struct Failed { // the kerb_error is already filled
    kerb_status status;
};

struct Input {
    const char *path;
    kerb_error *err;

    [[noreturn]] void fail(kerb_status status, const char *what) const {
        ki_fail(err, status, "%s: %s", path, what);
        throw Failed{status};
    }
    void expect(kerb_status status) const {
        if (status != KERB_OK) throw Failed{status};
    }
};

/* Vectors draw from the one place that allocates, so that tests can make it fail. */
template <typename T> struct Allocator {
    using value_type = T;
    Allocator() = default;
    template <typename U> Allocator(const Allocator<U> & /*other*/) noexcept {}

    T *allocate(std::size_t n) {
        void *block = n > SIZE_MAX / sizeof(T) ? nullptr : ki_alloc(n * sizeof(T));
        if (!block) throw std::bad_alloc{};
        return static_cast<T *>(block);
    }
    void deallocate(T *block, std::size_t /*n*/) noexcept {
        ki_free(block);
    }
    template <typename U> bool operator==(const Allocator<U> & /*other*/) const noexcept {
        return true;
    }
    template <typename U> bool operator!=(const Allocator<U> & /*other*/) const noexcept {
        return false;
    }
};
template <typename T> using Vector = std::vector<T, Allocator<T>>;

/* Runs body and turns whatever it throws into a status with a message. libosmium has a dozen kinds
 * of exception; all but the ones named here speak of the input. */
template <typename Body> kerb_status guarded(const Input &input, Body &&body) noexcept {
    try {
        body();
        return KERB_OK;
    } catch (const Failed &failed) {
        return failed.status;
    } catch (const std::bad_alloc &) {
        return ki_fail_no_memory(input.err, input.path);
    } catch (const protozero::exception &error) {
        return ki_fail(input.err, KERB_BAD_INPUT, "%s: damaged PBF: %s", input.path, error.what());
    } catch (const std::system_error &error) {
        return ki_fail(input.err, KERB_IO, "%s: %s", input.path, error.what());
    } catch (const std::exception &error) {
        return ki_fail(input.err, KERB_BAD_INPUT, "%s: %s", input.path, error.what());
    } catch (...) {
        return ki_fail(input.err, KERB_INTERNAL, "%s: unknown exception", input.path);
    }
}

} // namespace
#endif
