// The program without its process: words in, text and exit code out.
#include "apps/cli/session.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>

#include "adapters/files/files.hpp"

namespace rigor::apps {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  Exit exit;
  std::string out, err;
};

Outcome rigor(const std::vector<std::string>& words) {
  Session session = make_session();
  const Exit exit = run(words, session);
  return {exit, session.out, session.err};
}

/// A folder that is gone when the test is.
class Folder {
 public:
  Folder() : path_((fs::temp_directory_path() / "rigor_session_test").string()) {
    fs::remove_all(path_);
    fs::create_directories(path_ + "/gpu/me");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    REQUIRE(adapters::write_file(path_ + "/" + name, text).has_value());
  }

 private:
  std::string path_;
};

constexpr const char* kCard = R"(name = "My Card"
source = { origin = "measured", cite = "me", as_of = 2026-01-31 }
vendor = "NVIDIA"
architecture = "Ada"
memory = "24 GiB"
memory_bandwidth = "1 TB/s"
board_power = "300 W"
)";

}  // namespace

TEST_CASE("help and version are answers") {
  for (const char* word : {"--help", "-h", "help"}) {
    const Outcome help = rigor({word});
    CHECK(help.exit == Exit::yes);
    CHECK(help.out.starts_with("usage: rigor VERB"));
    CHECK(help.err.empty());
  }
  CHECK(rigor({"--version"}).out.starts_with("rigor "));
  const Outcome fit = rigor({"help", "fit"});
  CHECK(fit.exit == Exit::yes);
  CHECK(fit.out == rigor({"fit", "--help"}).out);
}

TEST_CASE("without a word the help is no answer") {
  const Outcome nothing = rigor({});
  CHECK(nothing.exit == Exit::usage);
  CHECK(nothing.out.empty());
  CHECK(nothing.err == rigor({"--help"}).out);
}

TEST_CASE("every verb explains itself and refuses an unknown flag") {
  std::set<std::string_view> names;
  for (const Command& command : commands()) {
    CAPTURE(command.name);
    CHECK(names.insert(command.name).second);
    CHECK(command.least <= command.most);
    const Outcome help = rigor({std::string(command.name), "--help"});
    CHECK(help.exit == Exit::yes);
    CHECK(help.out.starts_with("usage: rigor " + std::string(command.name)));
    const Outcome wrong = rigor({std::string(command.name), "--no-such-flag"});
    CHECK(wrong.exit == Exit::usage);
    CHECK(wrong.out.empty());
    CHECK(wrong.err.starts_with("rigor: unknown flag --no-such-flag\n  hint: "));
    std::set<std::string_view> flags;
    for (const Option& option : command.options) CHECK(flags.insert(option.name).second);
  }
}

TEST_CASE("what is wrong with the words goes to the error stream, with exit code 2") {
  struct Case {
    std::vector<std::string> words;
    std::string_view err;
  };
  for (const auto& [words, err] :
       {Case{{"catalogue"},
             "rigor: unknown verb \"catalogue\"\n  hint: did you mean \"catalog\"?\n"},
        Case{{"zzzzzz"}, "rigor: unknown verb \"zzzzzz\"\n  hint: rigor --help lists the verbs\n"},
        Case{{""}, "rigor: unknown verb \"\"\n  hint: rigor --help lists the verbs\n"},
        Case{{"--json"},
             "rigor: a verb is missing before --json\n  hint: rigor --help lists the verbs\n"},
        Case{{"help", "ctalog"},
             "rigor: unknown verb \"ctalog\"\n  hint: did you mean \"catalog\"?\n"},
        Case{{"fit", "a"}, "rigor: MODEL is missing\n  hint: usage: rigor fit RIG MODEL\n"},
        Case{{"catalog", "show"},
             "rigor: REF is missing\n  hint: rigor catalog show gpu/nvidia/rtx-3090\n"},
        Case{{"evidence", "score"},
             "rigor: FILE.csv is missing\n  hint: usage: rigor evidence score FILE.csv\n"},
        Case{{"catalog", "lint", "gpux"},
             "rigor: unknown kind \"gpux\"\n  hint: did you mean \"gpu\"?\n"},
        Case{{"catalog", "lint", "gpu", "3090"},
             "rigor: \"3090\" is one word too many\n"
             "  hint: usage: rigor catalog list|show|lint|import [KIND|REF] [FILTER]; put quotes "
             "round a "
             "name of several words\n"},
        Case{{"fit", "3090", "llama-3.1-8b", "--train", "lorra"},
             "rigor: --train: \"lorra\" is unknown; one of: full, lora, qlora\n"},
        Case{{"fit", "3090", "llama-3.1-8b", "--train", "lora", "--method", "qlora"},
             "rigor: --train and --method name different methods\n"
             "  hint: --train alone will do\n"},
        Case{{"fit", "llama-3.1-8b", "3090"},
             "rigor: \"llama-3.1-8b\" is no rig file and no known device\n"
             "  hint: architecture/llama-3.1-8b is a network: the rig stands before the model\n"},
        Case{{"fit", "3090", "q4_k_m"},
             "rigor: \"q4_k_m\" is no model file and no known network\n"
             "  hint: quantization/q4_k_m is no network\n"},
        Case{{"fit", "3090", "llama-3.1-8b", "--backend", "metal"},
             "rigor: backend: NVIDIA GeForce RTX 3090 has no Metal\n"
             "  hint: leave backend out for the one that suits the device\n"},
        Case{{"catalog", "lsit"},
             "rigor: unknown action \"lsit\"\n  hint: did you mean \"list\"?\n"},
        Case{{"catalog", "list", "gpux"},
             "rigor: unknown kind \"gpux\"\n  hint: did you mean \"gpu\"?\n"},
        Case{{"catalog", "show", "rtx 3099"},
             "rigor: unknown entry \"rtx 3099\"\n  hint: did you mean \"rtx-3090\"?\n"},
        Case{{"catalog", "list", "--catalog", "/no/such/folder"},
             "rigor: /no/such/folder: no such folder\n"}}) {
    CAPTURE(err);
    const Outcome outcome = rigor(words);
    CHECK(outcome.exit == Exit::usage);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == err);
  }
}

TEST_CASE("a list that is empty is a no") {
  CHECK(rigor({"catalog", "list", "gpu", "3090"}).exit == Exit::yes);
  CHECK(rigor({"catalog", "list", "gpu", "nothing"}).exit == Exit::no);
}

TEST_CASE("the user's folder lies over the catalogue") {
  const Folder folder;
  folder.write("gpu/me/card.toml", kCard);
  folder.write("gpu/me/readme.txt", "not an entry");
  for (const std::string& path : {folder.path(), folder.path() + "/"}) {
    const Outcome shown = rigor({"catalog", "show", "my card", "--catalog", path});
    CHECK(shown.exit == Exit::yes);
    CHECK(shown.out.starts_with("My Card\ngpu/me/card\n"));
  }
  CHECK(rigor({"catalog", "show", "my card"}).exit == Exit::usage);
  CHECK(rigor({"catalog", "lint", "gpu", "--catalog", folder.path()}).exit == Exit::yes);
}

TEST_CASE("a broken entry of the user's is refused with its place") {
  const Folder folder;
  folder.write("gpu/me/card.toml", "name = \"My Card\nmemory = 3\n");
  const Outcome outcome = rigor({"catalog", "list", "--catalog", folder.path()});
  CHECK(outcome.exit == Exit::usage);
  CHECK(outcome.err.starts_with("rigor: " + folder.path() + "/gpu/me/card.toml:1:"));
}

TEST_CASE("a hint of several lines stays indented") {
  Session session = make_session();
  session.refuse(Error{ErrorCode::usage, "there are 2", "x", "a\nb"});
  CHECK(session.err == "rigor: x: there are 2\n  hint: a\n        b\n");
}

TEST_CASE("lint finds what is wrong with the user's entries and answers no") {
  const Folder folder;
  folder.write("gpu/me/card.toml", std::string(kCard) + "memory_buss = \"384 bit\"\n");
  const Outcome outcome = rigor({"catalog", "lint", "gpu", "--catalog", folder.path()});
  CHECK(outcome.exit == Exit::no);
  CHECK(outcome.err.find("unknown key \"memory_buss\"\n  hint: did you mean \"memory_bus\"?\n") !=
        std::string::npos);
  CHECK(outcome.out.ends_with(" 1 error\n"));
}

}  // namespace rigor::apps
