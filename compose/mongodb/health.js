// Run by mongosh as the health check: signs in, makes the replica set if there is none yet, and is
// content once this member is its primary. While the image sets itself up, signing in fails.
const admin = db.getSiblingDB('admin');
admin.auth(process.env.MONGO_INITDB_ROOT_USERNAME, process.env.MONGO_INITDB_ROOT_PASSWORD);
try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'noodle-replica-set', members: [{ _id: 0, host: 'localhost:27017' }] });
}
if (!admin.hello().isWritablePrimary) quit(1);
