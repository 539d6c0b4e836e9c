// Several machines that hold one network together, and how devices reach each other within a
// machine and between machines. Layer 6.
#pragma once

#include <string>

#include "estimate/speed/calibration.hpp"
#include "estimate/speed/speed_case.hpp"
#include "estimate/speed/transfer.hpp"
#include "place/question.hpp"

namespace rigor::place {

/// Machines that the question's devices stand in, the same number in each. Fine-tuning has one
/// here: each of its machines has a replica of its own.
int machines_of(const Question& question);
int devices_of_machine(const Question& question);

/// Puts `count` devices into a placement, as many of every machine, machine by machine.
/// Requires: machines divide the count.
void put_devices(const Question& question, int count, workload::Placement& placement);

/// Why an engine cannot share a network among machines as asked; empty when it can.
std::string problem_with_machines(const Question& question);

/// What links the machines: as stated, else the rig's fastest port; 0: unknown.
BytesPerSecond network_rate(const Question& question);

namespace detail {

/// The slowest slot there is: every device may be the one that waits for the host. Requires: there
/// are devices.
BytesPerSecond slowest_slot(const Question& question);

/// How every device is joined to the others. `wire`: share of its slot that programs reach.
estimate::DeviceLink device_link(const Question& question, std::size_t device, double wire);

/// The slowest part of a ring over the placement's devices. Requires: it has devices.
BytesPerSecond ring_link(const Question& question, const workload::Placement& placement,
                         double wire);

/// Sets what lies between the machines of a question: rates that programs reach of the network, and
/// the delay of a message. `own`: constants of the engine on a device of one machine.
void join_machines(const Question& question, const estimate::Calibration& calibration,
                   const estimate::SpeedConstants& own, estimate::SpeedRig& rig);

/// Whether rows of llama.cpp over machines were fitted for the question's backend.
bool has_own_rows_over_machines(const Question& question, const estimate::Calibration& calibration);

/// The scope that speaks for an engine whose devices stand in several machines: llama.cpp has rows
/// of its own for that, for some backends.
estimate::SpeedScope scope_over_machines(const Question& question, estimate::SpeedScope scope,
                                         const estimate::Calibration& calibration);

}  // namespace detail
}  // namespace rigor::place
