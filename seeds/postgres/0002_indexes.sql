-- One index for each column that a list is filtered or sorted by.
create index idx_users_username on users (username);
create index idx_users_email on users (email);
create index idx_users_status on users (status);

create index idx_projects_owner on projects (owner_id);
create index idx_projects_status on projects (status);
create index idx_projects_created_at on projects (created_at);

create index idx_compilation_jobs_project on compilation_jobs (project_id);
create index idx_compilation_jobs_user on compilation_jobs (user_id);
create index idx_compilation_jobs_status on compilation_jobs (status);
create index idx_compilation_jobs_created_at on compilation_jobs (created_at);

create index idx_models_project on models (project_id);
create index idx_models_user on models (user_id);
create index idx_models_type on models (model_type);
create index idx_models_status on models (status);

create index idx_performance_metrics_job on performance_metrics (job_id);
create index idx_performance_metrics_name on performance_metrics (metric_name);
create index idx_performance_metrics_created_at on performance_metrics (created_at);
