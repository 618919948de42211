#!/bin/bash
# Run once by the Postgres image on an empty data folder: a database for each service, owned by a
# role that lays its tables, and a run-time role that can do no more than the tables grant.
set -euo pipefail

for service in accounts catalogue submission payment notification; do
  password="${service^^}_DATABASE_PASSWORD"
  psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --quiet \
    --set service="$service" --set owner="${service}_owner" --set app="${service}_app" \
    --set owner_password="$OWNER_PASSWORD" --set app_password="${!password}" <<'SQL'
create role :"owner" login password :'owner_password';
create role :"app" login password :'app_password';
create database :"service" owner :"owner";
revoke connect on database :"service" from public;
grant connect on database :"service" to :"app";
SQL
done
