-- The core business tables, in order of their dependencies.
create extension if not exists pgcrypto;
create extension if not exists pg_stat_statements;

create table users (
  id uuid primary key default gen_random_uuid(),
  username varchar(50) unique not null,
  email varchar(255) unique not null,
  password_hash varchar(255) not null,
  first_name varchar(100),
  last_name varchar(100),
  phone varchar(20),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  status varchar(20) default 'active',
  last_login timestamptz
);

create table projects (
  id uuid primary key default gen_random_uuid(),
  name varchar(100) not null,
  description text,
  owner_id uuid references users (id),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  status varchar(20) default 'active',
  settings jsonb default '{}'
);

create table compilation_jobs (
  id uuid primary key default gen_random_uuid(),
  project_id uuid references projects (id),
  user_id uuid references users (id),
  source_code text not null,
  compiled_code text,
  status varchar(20) default 'pending',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  execution_time interval,
  memory_usage bigint,
  error_message text,
  optimization_level integer default 1
);

create table models (
  id uuid primary key default gen_random_uuid(),
  project_id uuid references projects (id),
  user_id uuid references users (id),
  name varchar(100) not null,
  model_type varchar(50) not null,
  model_path varchar(255) not null,
  model_size bigint,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  status varchar(20) default 'active',
  metadata jsonb default '{}'
);

create table performance_metrics (
  id uuid primary key default gen_random_uuid(),
  job_id uuid references compilation_jobs (id),
  metric_name varchar(100) not null,
  metric_value double precision not null,
  created_at timestamptz default now(),
  tags jsonb default '{}'
);
