/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/file.h"

#include "base/alloc.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic int fail_step;

void ki_file_fail_at(int nth) {
    atomic_store(&fail_step, nth);
}

static int step_fails(void) {
    int left = atomic_load(&fail_step);
    if (left == 0) return 0;
    atomic_store(&fail_step, left - 1);
    if (left != 1) return 0;
    errno = EIO;
    return 1;
}

static kerb_status io_failed(kerb_error *err, const char *path, const char *doing) {
    return ki_fail(err, KERB_IO, "%s: %s failed: %s", path, doing, strerror(errno));
}

kerb_status ki_file_read(char **bytes, size_t *n_bytes, const char *path, size_t max_bytes,
                         kerb_error *err) {
    *bytes = NULL;
    *n_bytes = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return ki_fail(err, KERB_BAD_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    char *block = NULL;
    size_t used = 0, capacity = 0;
    for (;;) {
        if (ki_grow(&block, &capacity, used + 65537, 1)) {
            ki_free(block);
            fclose(file);
            return ki_fail_no_memory(err, path);
        }
        size_t got = fread(block + used, 1, 65536, file);
        used += got;
        if (used > max_bytes) {
            ki_free(block);
            fclose(file);
            return ki_fail(err, KERB_BAD_INPUT, "%s: more than %zu bytes, expected at most that",
                           path, max_bytes);
        }
        if (got == 0) break;
    }
    int failed = ferror(file), saved = errno;
    fclose(file);
    if (failed) {
        ki_free(block);
        return ki_fail(err, KERB_BAD_INPUT, "%s: cannot be read: %s", path, strerror(saved));
    }
    block[used] = '\0';
    *bytes = block;
    *n_bytes = used;
    return KERB_OK;
}

static int write_all(int fd, const char *bytes, size_t n_bytes) {
    while (n_bytes) {
        ssize_t wrote = write(fd, bytes, n_bytes > (1u << 30) ? (1u << 30) : n_bytes);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return -1;
        bytes += wrote;
        n_bytes -= (size_t)wrote;
    }
    return 0;
}

static void sync_folder(const char *path) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof folder) return;
    memcpy(folder, path, length);
    folder[length] = '\0';
    int fd = open(!slash ? "." : length ? folder : "/", O_RDONLY | O_DIRECTORY);
    if (fd < 0) return;
    (void)fsync(fd); /* best effort: the rename itself is already atomic */
    close(fd);
}

kerb_status ki_file_write(const char *path, const void *bytes, size_t n_bytes, kerb_error *err) {
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.part-%ld", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary)
        return ki_fail(err, KERB_IO, "%s: path too long", path);
    int fd = step_fails() ? -1 : open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) return io_failed(err, path, "creating");
    const char *doing = NULL;
    if (step_fails() || write_all(fd, bytes, n_bytes)) doing = "writing";
    if (!doing && (step_fails() || fsync(fd))) doing = "syncing";
    int saved = errno;
    if (close(fd) && !doing) {
        doing = "closing";
        saved = errno;
    }
    errno = saved;
    if (!doing && (step_fails() || rename(temporary, path))) doing = "renaming";
    if (doing) {
        kerb_status status = io_failed(err, path, doing);
        unlink(temporary);
        return status;
    }
    sync_folder(path);
    return KERB_OK;
}
