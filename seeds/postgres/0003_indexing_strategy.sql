-- The indexing strategy: composite indexes for the questions that are asked together.
create index idx_compilation_jobs_project_status on compilation_jobs (project_id, status);
create index idx_compilation_jobs_user_created on compilation_jobs (user_id, created_at);
create index idx_compilation_jobs_created_status on compilation_jobs (created_at, status);
create index idx_compilation_jobs_execution_time on compilation_jobs (execution_time);
create index idx_compilation_jobs_memory_usage on compilation_jobs (memory_usage);

create index idx_models_project_status on models (project_id, status);
create index idx_models_user_type on models (user_id, model_type);
create index idx_models_type_created on models (model_type, created_at);
create index idx_models_model_size on models (model_size);

create index idx_performance_metrics_job_created on performance_metrics (job_id, created_at);
create index idx_performance_metrics_name_created on performance_metrics (metric_name, created_at);
-- The strategy also names idx_performance_metrics_created (created_at): the same as
-- idx_performance_metrics_created_at of 0002, so only that one is kept.
