# The fuzz targets and the folders their inputs lie in, relative to tests/.
set(rigor_fuzz_targets gguf safetensors hf_config toml quantity bench_log buildcores)
set(rigor_fuzz_more_hf_config ${CMAKE_CURRENT_LIST_DIR}/../hf_configs)
set(rigor_fuzz_folder ${CMAKE_CURRENT_LIST_DIR})
