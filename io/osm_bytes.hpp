/* SPDX-License-Identifier: GPL-3.0-or-later
 * osm_bytes.hpp - part of osm_read.cpp: what kind of file it is, and unpackers that stop at a cap.
 *
 * libosmium unpacks without a limit (292 KB of gzip once became 615 MB), so it gets unpackers of
 * ours. A PBF states the size of each blob, which libosmium then enforces: there adding them up
 * beforehand is enough. */
#ifndef KI_OSM_BYTES_HPP
#define KI_OSM_BYTES_HPP
#include "io/osm_guard.hpp"

#include <bzlib.h>
#include <osmium/io/compression.hpp>
#include <osmium/io/detail/read_write.hpp>
#include <protozero/pbf_message.hpp>
#include <sys/stat.h>
#include <unistd.h>
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

/* ---- gzip and bzip2 -------------------------------------------------------------------------- */

/* The cap for the files this thread opens: libosmium makes its unpackers where it opens the file,
 * and leaves no other way to hand one a number. */
thread_local uint64_t cap_of_this_thread;

class ByteCount {
  public:
    explicit ByteCount(uint64_t cap) : cap_{cap} {}

    void add(uint64_t n_bytes) {
        total_ += n_bytes;
        if (total_ > cap_)
            throw osmium::io_error{"unpacks to more than " + std::to_string(cap_) +
                                   " bytes, expected at most that many"};
    }

  private:
    uint64_t cap_, total_ = 0;
};

class GzipUnpacker final : public osmium::io::Decompressor {
  public:
    explicit GzipUnpacker(int fd) : count_{cap_of_this_thread}, file_{gzdopen(fd, "rb")} {
        if (!file_) throw std::bad_alloc{};
    }
    ~GzipUnpacker() noexcept override {
        shut();
    }

    std::string read() override {
        std::string bytes(input_buffer_size, '\0');
        const int n_bytes = gzread(file_, &bytes[0], static_cast<unsigned>(bytes.size()));
        int status = Z_OK;
        gzerror(file_, &status);
        if (status == Z_MEM_ERROR) throw std::bad_alloc{};
        if (n_bytes < 0 || status != Z_OK) throw osmium::io_error{"damaged or cut off gzip data"};
        bytes.resize(static_cast<std::size_t>(n_bytes));
        count_.add(bytes.size());
        return bytes;
    }
    void close() override {
        shut();
    }

  private:
    void shut() noexcept {
        if (file_) gzclose_r(file_);
        file_ = nullptr;
    }

    ByteCount count_;
    gzFile file_;
};

/* Of our own because libosmium 2.19 loses the streams that follow within the last bytes it read,
 * which are the end of every file that pbzip2 packed. */
class Bzip2Unpacker final : public osmium::io::Decompressor {
  public:
    explicit Bzip2Unpacker(int fd) : count_{cap_of_this_thread}, fd_{fd} {}
    ~Bzip2Unpacker() noexcept override {
        shut();
    }

    std::string read() override {
        std::string bytes(input_buffer_size, '\0');
        stream_.next_out = &bytes[0];
        stream_.avail_out = static_cast<unsigned>(bytes.size());
        while (stream_.avail_out > 0 && has_input())
            unpack();
        bytes.resize(bytes.size() - stream_.avail_out);
        count_.add(bytes.size());
        return bytes;
    }
    void close() override {
        shut();
    }

  private:
    bool has_input() {
        if (stream_.avail_in > 0) return true;
        stream_.next_in = packed_;
        stream_.avail_in =
            static_cast<unsigned>(osmium::io::detail::reliable_read(fd_, packed_, sizeof packed_));
        if (stream_.avail_in == 0 && open_) throw osmium::io_error{"cut off bzip2 data"};
        return stream_.avail_in > 0;
    }

    void unpack() {
        int status = open_ ? BZ_OK : BZ2_bzDecompressInit(&stream_, 0, 0);
        open_ = status == BZ_OK;
        if (open_) status = BZ2_bzDecompress(&stream_);
        if (status == BZ_MEM_ERROR) throw std::bad_alloc{};
        if (status != BZ_OK && status != BZ_STREAM_END)
            throw osmium::io_error{"damaged bzip2 data"};
        if (status == BZ_OK) return;
        BZ2_bzDecompressEnd(&stream_);
        open_ = false;
    }

    void shut() noexcept {
        if (open_) BZ2_bzDecompressEnd(&stream_);
        if (fd_ >= 0) ::close(fd_);
        open_ = false;
        fd_ = -1;
    }

    ByteCount count_;
    int fd_;
    bool open_ = false; // in the middle of a stream
    bz_stream stream_{};
    char packed_[1 << 16];
};

template <typename Unpacker> bool register_unpacker(osmium::io::file_compression compression) {
    return osmium::io::CompressionFactory::instance().register_compression(
        compression, [](int, osmium::io::fsync) { return nullptr; }, // we never pack
        [](int fd) { return new Unpacker{fd}; }, [](const char *, std::size_t) { return nullptr; });
}
[[maybe_unused]] const bool knows_gzip =
    register_unpacker<GzipUnpacker>(osmium::io::file_compression::gzip);
[[maybe_unused]] const bool knows_bzip2 =
    register_unpacker<Bzip2Unpacker>(osmium::io::file_compression::bzip2);

/* ---- PBF ------------------------------------------------------------------------------------- */

struct CloseFile {
    void operator()(std::FILE *file) const {
        std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

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

void check_pbf(const Input &input, uint64_t cap) {
    ByteCount count{cap};
    const File file{std::fopen(input.path, "rb")};
    if (!file) input.fail(KERB_IO, std::strerror(errno));
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

/* Before any reading: is it a file, and may it be unpacked? */
void check_file(const Input &input, const OsmFormat &format, uint64_t max_mb) {
    const uint64_t cap = (max_mb ? max_mb : uint64_t{KI_OSM_MAX_DECOMPRESSED_MB}) << 20;
    expect_regular_file(input);
    cap_of_this_thread = cap;
    if (std::strcmp(format.name, "pbf") == 0) check_pbf(input, cap);
}

} // namespace
#endif
