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
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_NEIGHBOURS = 100, DIGEST_BLOCK = 1 << 14 };

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

/* A pipe is refused, not waited for: it cannot be read twice. */
static kerb_status open_regular(int *fd, const char *path, kerb_error *err) {
    struct stat about;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return ki_fail(err, KERB_BAD_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(*fd, &about) == 0 && S_ISREG(about.st_mode)) return KERB_OK;
    close(*fd);
    return ki_fail(err, KERB_BAD_INPUT, "%s: no regular file, expected one", path);
}

static kerb_status digest_opened(ki_digest *out, const char *path, int fd, kerb_error *err) {
    char block[DIGEST_BLOCK];
    ki_digester digester;
    ki_digest_begin(&digester);
    ssize_t got;
    while ((got = read(fd, block, DIGEST_BLOCK)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0) ki_digest_add(&digester, block, (size_t)got);
    *out = ki_digest_end(&digester);
    if (got == 0) return KERB_OK;
    return ki_fail(err, KERB_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
}

kerb_status ki_file_digest(ki_digest *out, const char *path, kerb_error *err) {
    int fd;
    *out = (ki_digest){{0}};
    KI_TRY(open_regular(&fd, path, err));
    kerb_status status = digest_opened(out, path, fd, err);
    close(fd);
    return status;
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

/* A neighbour of that name that nobody else writes: another process may have our number (of another
 * container, or long ended). */
static int open_temporary(const char *path, char temporary[PATH_MAX]) {
    for (int attempt = 0; attempt < MAX_NEIGHBOURS; attempt++) {
        int length = snprintf(temporary, PATH_MAX, "%s.part-%ld-%d", path, (long)getpid(), attempt);
        if (length < 0 || length >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

static int write_parts(int fd, const ki_part *parts, size_t n_parts) {
    for (size_t part = 0; part < n_parts; part++)
        if (write_all(fd, parts[part].bytes, parts[part].n_bytes)) return -1;
    return 0;
}

kerb_status ki_file_write_parts(const char *path, const ki_part *parts, size_t n_parts,
                                kerb_error *err) {
    char temporary[PATH_MAX];
    int fd = step_fails() ? -1 : open_temporary(path, temporary);
    if (fd < 0) return io_failed(err, path, "creating");
    const char *doing = NULL;
    if (step_fails() || write_parts(fd, parts, n_parts)) doing = "writing";
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

kerb_status ki_file_write(const char *path, const void *bytes, size_t n_bytes, kerb_error *err) {
    return ki_file_write_parts(path, &(ki_part){bytes, n_bytes}, 1, err);
}

/* ---- mapping --------------------------------------------------------------------------------- */

static kerb_status map_opened(ki_mapping *out, const char *path, int fd, kerb_error *err) {
    struct stat about;
    if (fstat(fd, &about))
        return ki_fail(err, KERB_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    if (about.st_size == 0) return KERB_OK;
    void *bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return ki_fail(err, KERB_BAD_INPUT, "%s: cannot be mapped: %s", path, strerror(errno));
    *out = (ki_mapping){bytes, (size_t)about.st_size};
    return KERB_OK;
}

kerb_status ki_file_map(ki_mapping *out, const char *path, kerb_error *err) {
    *out = (ki_mapping){0};
    int fd;
    KI_TRY(open_regular(&fd, path, err));
    kerb_status status = map_opened(out, path, fd, err);
    close(fd);
    return status;
}

void ki_file_unmap(ki_mapping *mapping) {
    if (mapping->bytes) munmap((void *)(uintptr_t)mapping->bytes, mapping->n_bytes);
    *mapping = (ki_mapping){0};
}
