/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_bytes.hpp - part of osm_read.cpp: what kind of file it is, and how many bytes it unpacks to.
 *
 * libosmium unpacks without a limit, so the file is unpacked once before, into nothing, and refused
 * when it passes the cap. A PBF states the size of each blob, which libosmium then enforces: there
 * adding them up is enough. */
#ifndef KI_OSM_BYTES_HPP
#define KI_OSM_BYTES_HPP
#include "io/osm_guard.hpp"

#include <bzlib.h>
#include <protozero/pbf_message.hpp>
#include <sys/stat.h>
#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace {

struct OsmFormat {
    const char *ending;
    const char *name; // libosmium's
};

const OsmFormat formats[] = {
    {".osm.gz", "osm.gz"}, {".osm.bz2", "osm.bz2"}, {".osm", "osm"}, {".pbf", "pbf"}};

const OsmFormat &find_format(const Input &input) {
    const std::size_t length = std::strlen(input.path);
    for (const OsmFormat &format : formats) {
        const std::size_t tail = std::strlen(format.ending);
        if (length > tail && std::strcmp(input.path + length - tail, format.ending) == 0)
            return format;
    }
    input.fail(KERB_BAD_INPUT,
               "unknown kind of file, expected .osm.pbf, .osm, .osm.gz or .osm.bz2");
}

void expect_regular_file(const Input &input) {
    struct stat status;
    if (stat(input.path, &status) != 0) input.fail(KERB_IO, std::strerror(errno));
    if (!S_ISREG(status.st_mode)) input.fail(KERB_IO, "not a regular file");
}

/* libosmium runs curl on a name that looks like a URL, and reads "-" from standard input. */
std::string plain_name(const char *path) {
    return path[0] == '/' ? std::string{path} : std::string{"./"} + path;
}

class ByteCount {
  public:
    ByteCount(const Input &input, uint64_t cap) : input_{input}, cap_{cap} {}

    void add(uint64_t n_bytes) {
        total_ += n_bytes;
        if (total_ <= cap_) return;
        ki_fail(input_.err, KERB_BAD_INPUT,
                "%s: unpacks to more than %llu bytes, expected at most that many", input_.path,
                static_cast<unsigned long long>(cap_));
        throw Failed{KERB_BAD_INPUT};
    }

  private:
    const Input &input_;
    uint64_t cap_, total_ = 0;
};

struct CloseGzip {
    void operator()(gzFile file) const {
        gzclose_r(file);
    }
};
struct CloseFile {
    void operator()(std::FILE *file) const {
        std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_file(const Input &input) {
    File file{std::fopen(input.path, "rb")};
    if (!file) input.fail(KERB_IO, std::strerror(errno));
    return file;
}

enum { CHUNK = 1 << 16 };

void count_gzip(const Input &input, ByteCount &count) {
    std::unique_ptr<gzFile_s, CloseGzip> file{gzopen(input.path, "rb")};
    if (!file) input.fail(KERB_IO, "cannot be opened");
    char chunk[CHUNK];
    for (;;) {
        const int n_bytes = gzread(file.get(), chunk, CHUNK);
        if (n_bytes < 0) input.fail(KERB_BAD_INPUT, "damaged gzip data");
        if (n_bytes == 0) break;
        count.add(static_cast<uint64_t>(n_bytes));
    }
}

/* One bzip2 stream, from what the one before it left over. False at the end of the file. */
bool count_bzip2_stream(const Input &input, std::FILE *file, ByteCount &count, char *rest,
                        int &n_rest) {
    int status = BZ_OK;
    char chunk[CHUNK];
    BZFILE *stream = BZ2_bzReadOpen(&status, file, 0, 0, rest, n_rest);
    const std::unique_ptr<void, void (*)(void *)> closer{stream, [](void *open) {
                                                             int ignored;
                                                             BZ2_bzReadClose(&ignored, open);
                                                         }};
    while (status == BZ_OK) {
        const int n_bytes = BZ2_bzRead(&status, stream, chunk, CHUNK);
        if (status == BZ_OK || status == BZ_STREAM_END) count.add(static_cast<uint64_t>(n_bytes));
    }
    if (status == BZ_MEM_ERROR) throw std::bad_alloc{};
    if (status != BZ_STREAM_END) input.fail(KERB_BAD_INPUT, "damaged bzip2 data");
    void *unused = nullptr;
    BZ2_bzReadGetUnused(&status, stream, &unused, &n_rest);
    if (n_rest > 0) std::memcpy(rest, unused, static_cast<std::size_t>(n_rest));
    if (n_rest > 0) return true;
    const int next = std::fgetc(file);
    if (next != EOF) std::ungetc(next, file);
    return next != EOF;
}

void count_bzip2(const Input &input, ByteCount &count) {
    const File file = open_file(input);
    char rest[BZ_MAX_UNUSED];
    int n_rest = 0;
    while (count_bzip2_stream(input, file.get(), count, rest, n_rest)) {
    }
}

enum { MAX_BLOB_HEADER = 64 * 1024, MAX_BLOB = 32 * 1024 * 1024 }; // of the PBF specification

uint64_t blob_size(const std::string &header) {
    enum class BlobHeader : protozero::pbf_tag_type { datasize = 3 };
    protozero::pbf_message<BlobHeader> message{header};
    uint64_t size = 0;
    while (message.next(BlobHeader::datasize, protozero::pbf_wire_type::varint))
        size = message.get_uint64();
    return size;
}

uint64_t unpacked_size(const std::string &bytes) {
    enum class Blob : protozero::pbf_tag_type { raw_size = 2 };
    protozero::pbf_message<Blob> message{bytes};
    uint64_t size = bytes.size(); // stored raw
    while (message.next(Blob::raw_size, protozero::pbf_wire_type::varint))
        size = message.get_uint64();
    return size;
}

std::string read_exactly(const Input &input, std::FILE *file, uint64_t n_bytes, uint64_t limit) {
    if (n_bytes > limit) input.fail(KERB_BAD_INPUT, "damaged PBF: a block is too large");
    std::string bytes(static_cast<std::size_t>(n_bytes), '\0');
    if (std::fread(&bytes[0], 1, bytes.size(), file) != bytes.size())
        input.fail(KERB_BAD_INPUT, "cut off in the middle of a PBF block");
    return bytes;
}

void count_pbf(const Input &input, ByteCount &count) {
    const File file = open_file(input);
    unsigned char length[4];
    for (std::size_t n_read; (n_read = std::fread(length, 1, 4, file.get())) > 0;) {
        if (n_read < 4) input.fail(KERB_BAD_INPUT, "cut off in the middle of a PBF block");
        const uint64_t header_size = static_cast<uint64_t>(length[0]) << 24 |
                                     static_cast<uint64_t>(length[1]) << 16 |
                                     static_cast<uint64_t>(length[2]) << 8 | length[3];
        const std::string header = read_exactly(input, file.get(), header_size, MAX_BLOB_HEADER);
        const std::string blob = read_exactly(input, file.get(), blob_size(header), MAX_BLOB);
        const uint64_t size = unpacked_size(blob);
        if (size > MAX_BLOB) input.fail(KERB_BAD_INPUT, "damaged PBF: a block is too large");
        count.add(size);
    }
}

void check_size(const Input &input, const OsmFormat &format, uint64_t max_mb) {
    ByteCount count{input, (max_mb ? max_mb : uint64_t{KI_OSM_MAX_DECOMPRESSED_MB}) << 20};
    expect_regular_file(input);
    if (std::strcmp(format.name, "osm.gz") == 0) count_gzip(input, count);
    if (std::strcmp(format.name, "osm.bz2") == 0) count_bzip2(input, count);
    if (std::strcmp(format.name, "pbf") == 0) count_pbf(input, count);
}

} // namespace
#endif
