-- Runs once, when the data volume is empty. The service owns its database and nothing else: it is no superuser.
\set password `cat /run/secrets/tildel_database_password`
CREATE ROLE tildel LOGIN PASSWORD :'password';
CREATE DATABASE tildel OWNER tildel;
REVOKE ALL ON DATABASE tildel FROM PUBLIC;
