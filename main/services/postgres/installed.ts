/** The major version of the image: data folders move between the two runtimes. */
export const major = 17;

/** Where installers put PostgreSQL, often not on the PATH. */
export const knownFolders: readonly string[] = [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
  `/opt/homebrew/opt/postgresql@${major}/bin`,
  `/usr/local/opt/postgresql@${major}/bin`,
  `/Applications/Postgres.app/Contents/Versions/${major}/bin`,
  `C:\\Program Files\\PostgreSQL\\${major}\\bin`,
];

/** Where the image keeps its data. */
export const dataPath = '/var/lib/postgresql/data';
