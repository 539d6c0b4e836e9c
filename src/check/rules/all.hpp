// The rules, one file each. What each asks stands in the table (check/rule.cpp); numbers and
// sources in docs/models/60-check.md. Layer 6.
#pragma once

#include <vector>

#include "check/facts.hpp"

namespace rigor::check {

using Findings = std::vector<Finding>;

// Parts, sockets and form.
Findings parts_listed(const Assembly& rig);
Findings socket(const Assembly& rig);
Findings bios(const Assembly& rig);
Findings board_in_case(const Assembly& rig);
Findings cooler_socket(const Assembly& rig);
Findings cooler_height(const Assembly& rig);
Findings supply_length(const Assembly& rig);
Findings radiator(const Assembly& rig);

// Memory.
Findings memory_type(const Assembly& rig);
Findings memory_modules(const Assembly& rig);
Findings memory_channels(const Assembly& rig);
Findings memory_speed(const Assembly& rig);
Findings memory_capacity(const Assembly& rig);
Findings ecc(const Assembly& rig);

// Slots.
Findings places(const Assembly& rig);
Findings slot_rows(const Assembly& rig);
Findings air_gap(const Assembly& rig);
Findings case_rows(const Assembly& rig);
Findings card_length(const Assembly& rig);
Findings riser(const Assembly& rig);

// Lanes.
Findings card_links(const Assembly& rig);
Findings drive_links(const Assembly& rig);
Findings uplink(const Assembly& rig);
Findings processor_lanes(const Assembly& rig);
Findings bifurcation(const Assembly& rig);
Findings numa(const Assembly& rig);
Findings peer_to_peer(const Assembly& rig);
Findings arrangement(const Assembly& rig);

// Electrical.
Findings card_connectors(const Assembly& rig);
Findings connector_load(const Assembly& rig);
Findings processor_connectors(const Assembly& rig);
Findings supply_load(const Assembly& rig);
Findings supply_peaks(const Assembly& rig);
Findings circuit(const Assembly& rig);
Findings ups_load(const Assembly& rig);

// Heat and noise.
Findings cooler_capacity(const Assembly& rig);
Findings case_air(const Assembly& rig);
Findings noise(const Assembly& rig);

// Enough for the work.
Findings processor_cores(const Assembly& rig);
Findings host_memory(const Assembly& rig);
Findings drive_space(const Assembly& rig);
Findings drive_speed(const Assembly& rig);

}  // namespace rigor::check
