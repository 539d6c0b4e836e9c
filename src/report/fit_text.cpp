#include "report/fit_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "place/machines.hpp"
#include "report/memory_table.hpp"
#include "report/speed_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::Fit;
using workload::EngineFamily;
using workload::Kind;
using workload::Offload;
using workload::Placement;
using workload::Sharding;

std::string inference_title(const place::Question& question) {
  const workload::Inference& inference = question.workload.inference;
  std::string text = fmt::format("{}, {}, {} tokens", question.network->architecture.name,
                                 question.network->quantization, grouped(inference.context));
  if (inference.sequences > 1) text += fmt::format(" x {} sequences", inference.sequences);
  return text;
}

std::string finetune_title(const place::Question& question) {
  const workload::FineTune& tune = question.workload.finetune;
  std::string how(workload::to_text(tune.method));
  if (tune.method != workload::Method::full) {
    how += fmt::format(" of rank {}", tune.rank);
  } else {
    how += fmt::format(" fine-tuning, {} ({})", workload::to_text(tune.optimizer),
                       workload::to_text(tune.recipe));
  }
  return fmt::format("{}, {}, {} tokens x {}", question.network->architecture.name, how,
                     grouped(tune.sequence), tune.micro_batch);
}

std::string device_list(const place::Question& question, const Placement& placement) {
  if (placement.devices == 0) return "the host alone";
  const hardware::Accelerator& first = question.accelerators[placement.accelerator(0)];
  bool same = true;
  for (int d = 0; d < placement.devices; ++d) {
    same = same && question.accelerators[placement.accelerator(d)].id == first.id;
  }
  const auto present = question.accelerators.size();
  const bool all = static_cast<std::size_t>(placement.devices) == present;
  if (same && placement.devices == 1 && present == 1) return first.name;
  if (same && all) return fmt::format("{} x {}", present, first.name);
  return same ? fmt::format("{} of {} x {}", placement.devices, present, first.name)
              : fmt::format("{} of {} devices", placement.devices, present);
}

std::string layer_counts(const Placement& placement) {
  std::string text;
  for (int d = 0; d < placement.devices; ++d) {
    text += fmt::format("{}{}", d == 0 ? "" : " + ", placement.layers[static_cast<std::size_t>(d)]);
  }
  return text;
}

std::string inference_placement(const Placement& placement) {
  std::string text;
  if (placement.split == workload::Split::tensor && placement.tensor > 1) {
    text += fmt::format(", tensor parallel {}", placement.tensor);
  } else if (placement.devices > 1 && placement.layers[0] > 0) {
    text += ", layers " + layer_counts(placement);
  }
  if (placement.pipeline > 1 && placement.split == workload::Split::tensor) {
    text += fmt::format(", pipeline {}", placement.pipeline);
  }
  if (placement.devices > 0 && placement.host_layers > 0) {
    text += fmt::format(", {} layers on the host", placement.host_layers);
  }
  if (placement.host_expert_layers > 0) {
    text += fmt::format(", experts of {} layers on the host", placement.host_expert_layers);
  }
  if (placement.replicas > 1) {
    text += placement.copies > 1
                ? fmt::format(", {} of {} copies on each", placement.copies, placement.replicas)
                : fmt::format(", one of {} copies", placement.replicas);
  }
  return text;
}

std::string_view sharding_name(Sharding sharding) {
  switch (sharding) {
    case Sharding::none: return "no sharding";
    case Sharding::zero1: return "ZeRO-1";
    case Sharding::zero2: return "ZeRO-2";
    case Sharding::zero3: return "ZeRO-3";
    case Sharding::fsdp: return "FSDP";
  }
  return {};
}

std::string training_placement(const Placement& placement) {
  std::string text;
  if (placement.sharding != Sharding::none) {
    text += fmt::format(", {} over {}", sharding_name(placement.sharding), placement.data);
  } else if (placement.data > 1) {
    text += fmt::format(", data parallel {}", placement.data);
  }
  if (placement.tensor > 1) text += fmt::format(", tensor parallel {}", placement.tensor);
  if (placement.pipeline > 1) text += fmt::format(", pipeline {}", placement.pipeline);
  if (placement.expert > 1) text += fmt::format(", expert parallel {}", placement.expert);
  const auto place = [](Offload offload) { return offload == Offload::host ? "host" : "NVMe"; };
  if (placement.optimizer != Offload::none)
    text += fmt::format(", optimizer on {}", place(placement.optimizer));
  if (placement.parameters != Offload::none)
    text += fmt::format(", parameters on {}", place(placement.parameters));
  return text;
}

std::string place_name(const place::Question& question, int binding) {
  if (binding == estimate::kHost) return "host memory";
  if (question.accelerators.size() > 1) return fmt::format("GPU {}", binding);
  return question.accelerators[0].unified ? "the machine" : "the card";
}

std::string both_units(Bytes amount) {
  return fmt::format("{} ({})", to_text_binary(amount), to_text(amount));
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string text = fmt::format("{}", number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

std::string workload_title(const place::Question& question) {
  const std::string what = question.workload.kind == Kind::inference ? inference_title(question)
                                                                     : finetune_title(question);
  return fmt::format("{} on {}", what, question.engine->name);
}

std::string placement_text(const place::Question& question, const Placement& placement) {
  const bool serves = question.workload.kind == Kind::inference;
  const int machines = place::machines_of(question);
  const std::string over = machines > 1 ? fmt::format(", over {} machines", machines) : "";
  return device_list(question, placement) +
         (serves ? inference_placement(placement) : training_placement(placement)) + over;
}

std::string verdict_text(const place::Question& question, const place::Answer& answer) {
  const estimate::Verdict& verdict = answer.verdict;
  const std::string where = place_name(question, verdict.binding);
  switch (verdict.fit) {
    case Fit::fits:
      return fmt::format("fits: {} keeps {} free", where, both_units(verdict.headroom));
    case Fit::tight:
      return fmt::format("tight: expected to fit, but {} may be short by {}", where,
                         both_units(verdict.shortfall));
    case Fit::does_not_fit:
      return fmt::format("does not fit: {} is short by {}", where, both_units(verdict.shortfall));
    case Fit::unknown:
      return fmt::format("unknown: the rig does not state how much {} there is", where);
  }
  return {};
}

std::string fit_text(const FitReport& report) {
  const place::Question& question = *report.question;
  std::string text = workload_title(question) + "\n";
  text += placement_text(question, report.answer.placement) + "\n";
  if (report.origin != "catalogue") text += "bytes from " + report.origin + "\n";
  text += "\n" + memory_table(question, report.answer) + "\n";
  if (report.solved) {
    const Solved& solved = *report.solved;
    text += solved.value.empty()
                ? fmt::format("no {} fits\n", solved.what)
                : fmt::format("solved: {} {}{}\n", solved.what, solved.value,
                              solved.remark.empty() ? "" : " (" + solved.remark + ")");
  }
  text += verdict_text(question, report.answer) + "\n";
  if (report.second) text += "second: " + second_text(question, *report.second) + "\n";
  if (report.search) text += search_text(*report.search);
  if (!report.remedies.empty()) text += "ways out\n";
  std::size_t width = 0;
  for (const place::Remedy& remedy : report.remedies) width = std::max(width, remedy.change.size());
  for (const place::Remedy& remedy : report.remedies) {
    text += fmt::format("  {:<{}}  {}\n", remedy.change, width, remedy.effect);
  }
  for (const std::string& missing : report.undetermined)
    text += "not determined: " + missing + "\n";
  return text;
}

void fit_json(Json& json, const FitReport& report) {
  const place::Question& question = *report.question;
  const place::Answer& answer = report.answer;
  json.begin_object().member("workload", workload_title(question));
  json.member("placement", placement_text(question, answer.placement));
  json.member("network", question.network->architecture.id)
      .member("quantization", question.network->quantization);
  json.member("engine", question.engine->id).member("engine_version", question.engine->version);
  json.member("exact_weights", question.network->exact).member("origin", report.origin);
  json.member("verdict", estimate::to_text(answer.verdict.fit));
  json.member("binding", answer.verdict.binding == estimate::kHost
                             ? "host"
                             : fmt::format("device {}", answer.verdict.binding));
  json.member("shortfall_bytes", answer.verdict.shortfall.in(byte));
  json.member("headroom_bytes", answer.verdict.headroom.in(byte));
  if (report.solved) {
    json.key("solved").begin_object().member("what", report.solved->what);
    if (report.solved->value.empty()) {
      json.key("value").null().member("reason", "nothing fits");
    } else {
      json.member("value", report.solved->value);
    }
    json.end_object();
  }
  memory_json(json, question, answer);
  if (report.second) {
    json.key("second").begin_object();
    json.member("placement", placement_text(question, report.second->answer.placement));
    json.member("tokens_per_s", report.second->tokens_per_s);
    json.member("headroom_bytes", report.second->answer.verdict.headroom.in(byte)).end_object();
  }
  if (report.search) search_json(json, *report.search);
  json.key("remedies").begin_list();
  for (const place::Remedy& remedy : report.remedies) {
    json.begin_object().member("change", remedy.change).member("effect", remedy.effect);
    json.member("verdict", estimate::to_text(remedy.fit)).end_object();
  }
  json.end_list().key("undetermined").begin_list();
  for (const std::string& missing : report.undetermined) json.value(missing);
  json.end_list().end_object();
}

}  // namespace rigor::report
