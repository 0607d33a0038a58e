/** Every limit of the product, in one place. Times are in ms and sizes in bytes unless a name says otherwise. */
export const limits = {
  /** A stream to a window is sent in batches at most this often. */
  streamBatchInterval: 50,
  /** Items in flight to a consumer before it must grant more credit. */
  streamCredit: 4,
  /** The most credit a consumer can have granted ahead. */
  streamCreditMost: 1_000,
  /** The largest message a window may send; what is larger is sent as a file. */
  apiMessageBytes: 2 ** 20,
  /** The largest file a window may send. */
  uploadBytes: 16 * 2 ** 30,
  /** Lines kept in a ring buffer before a slow consumer; what falls out is counted as dropped. */
  logRingLines: 50_000,
  /** One log line longer than this is cut, with a mark. */
  logLineBytes: 64 * 1024,
  /** Lines of a page that the log panel asks for. */
  logPageLines: 500,
  /** Lines kept in a log session's spool; older ones are let go. */
  logSpoolLines: 2_000_000,
  /** Pause before a service without an instance is looked for again, while its log is followed. */
  logReopen: 1_000,
  /** The last log lines quoted in an error. */
  errorLogLines: 12,

  /** Pause between two readiness probes while a service starts. */
  probeInterval: 200,
  /** After a probe the service is left alone this many times as long as the probe took: asking must not slow down what is waited for. */
  probeRest: 5,
  /** And no longer than this: a server that listens is about to be ready, and whoever waits for it would wait for the next probe. */
  probeRestMost: 500,
  /** While nothing listens at its ports a service's health check is run only this often. */
  probeAnyway: 2_000,
  /** A connection that an engine's proxy has not ended after this leads to a server. */
  portStaysOpen: 40,
  /** One readiness probe may take this long. */
  probeTimeout: 5_000,
  /** A service that is not ready after this long has failed to start. */
  readyTimeout: 180_000,
  /** BookKeeper's shell, which runs before the broker starts on data it has already, may take this long. */
  bookieShellPatience: 30_000,
  /** A run of Pulsar of which Java keeps the classes may take this long, with what Java does with them at its end; and what has to be free on the disk for it: 90 MiB stay. */
  classTraining: 180_000,
  classTrainingSpace: 512 * 2 ** 20,
  /** A service is asked to stop, then killed after this long, unless its definition says otherwise. */
  stopGrace: 30_000,
  /** On quit the app waits this long for the stack to stop, then leaves it. */
  quitStop: 60_000,
  /** Pause between two samples of CPU and memory. */
  statsInterval: 2_000,
  /** Samples kept for a sparkline. */
  statsKept: 90,
  /** Finished operations kept for the window. */
  operationsKept: 50,
  /** Events kept of one operation, for a window that opens late. */
  operationEvents: 5_000,

  /** A container engine on this machine answers within this, or is passed over. */
  engineAnswer: 3_000,
  /** The same for an engine reached over ssh or TCP. */
  engineAnswerRemote: 15_000,
  /** Pauses before a lost event stream of the engine is opened anew; the last one repeats. */
  engineReconnect: [250, 500, 1_000, 2_000, 5_000],
  /** A container that is being removed by someone else is gone within this. */
  removalWait: 10_000,
  /** A file read out of a container is cut here. */
  containerFileBytes: 1024 * 1024,
  /** What a failed health check printed is kept up to this. */
  probeOutputBytes: 4 * 1024,
  /** A docker credential helper answers within this. */
  credentialHelper: 10_000,

  /** Pause between two looks at whether a process has gone. */
  processPoll: 20,
  /** Pause between two looks at the processes of a stack and what is known of them. */
  nativePoll: 500,
  /** Pause between two looks at a log file that is followed. */
  nativeLogPoll: 100,
  /** The native runtime keeps this much of a log: older parts of a running server's log are given back to the disk. */
  nativeLogBytes: 64 * 1024 * 1024,
  /** A log file is read in pieces of this size. */
  nativeLogChunk: 256 * 1024,
  /** CPU is first told after this short measurement (an engine that reads once a second may take two of its own), then every `statsInterval`. */
  firstSample: 200,
  /** What a command prints is kept up to this, and its end up to `commandTailBytes` for an error. */
  commandOutputBytes: 4 * 1024 * 1024,
  commandTailBytes: 16 * 1024,
  /** A program asked for its version answers within this. */
  versionAnswer: 10_000,
  /** What a program said of its version is believed this long, while its file is the same: it may be a script that asks another one. */
  versionKept: 60_000,
  /** Pause between two looks at whether another installation of the same server has ended. */
  installPoll: 500,

  /** Connecting to a server (stack.md). */
  connectTimeout: 30_000,
  /** A failed connect is retried after these pauses (stack.md). */
  connectRetries: [1_000, 2_000, 4_000],
  poolMin: 5,
  poolMax: 20,
  poolIdle: 300_000,
  poolLifetime: 3_600_000,
  statementTimeout: 30_000,
  fetchSize: 1_000,

  /** Seconds a cached session, result or model lives (stack.md). */
  cacheLifetimeSeconds: 3_600,
  /** Keys asked for in one SCAN step. */
  scanCount: 1_000,

  /** A message must be acknowledged by the broker within this time (stack.md). */
  pulsarSendTimeout: 30_000,
  /** A batch is sent when it holds so many messages or bytes (stack.md). */
  pulsarBatchMessages: 1_000,
  pulsarBatchBytes: 1024 * 1024,
  /** A batch that is not full is sent after this time. */
  pulsarBatchDelay: 10,
  /** What a broker takes as one frame of its WebSocket API (webSocketMaxTextFrameSize's default). */
  pulsarFrameBytes: 1024 * 1024,
  /** One turn of waiting for a message in a library that cannot be interrupted. */
  pulsarReceiveTurn: 500,
  /** Messages a consumer holds that were not taken yet (stack.md). */
  pulsarReceiverQueue: 1_000,
  /** A message that was taken and neither acknowledged nor refused comes again after this time (stack.md). */
  pulsarAckTimeout: 30_000,
  /** A refused message comes again after this time (stack.md). */
  pulsarNackDelay: 1_000,

  /** Points of one write (stack.md). */
  influxBatch: 1_000,
  /** A batch that is not full is sent after this time (stack.md). */
  influxFlush: 1_000,
  /** A retry is put off by a random time up to this (stack.md). */
  influxJitter: 5_000,
  influxRetries: 3,
  /** The time range of a query that names none, and the widest unless asked otherwise (stack.md). */
  influxRange: 3_600_000,
  influxRangeMax: 86_400_000,
  /** Queries at once; the next ones wait (stack.md). */
  influxQueries: 10,

  /** Connections that load one batch of rows together while seeding. */
  seedCopyLanes: 2,
  /** Rows of one batch of a table while seeding. */
  seedCopyRows: 20_000,
  /** Documents or keys of one batch while seeding, whatever the scale. */
  seedBatch: 1_000,
  /** Points between two marks while seeding; they are sent `influxBatch` at a time. */
  seedPoints: 10_000,
  /** Messages between two marks while seeding. */
  seedMessages: 5_000,
  // The SQL panel.
  /** A result's rows are kept on disk up to this (bytes); then the statement is stopped, and the grid says so. */
  sqlSpoolBytes: 8 * 2 ** 30,
  /** Bytes that wait to be written to disk before reading from the server is paused. */
  sqlSpoolBuffer: 4 * 2 ** 20,
  /** Bytes between two places that are remembered of a spool: 16 bytes of memory each. */
  sqlSpoolStep: 64 * 1024,
  /** Rows that came slowly are written, and so can be seen, after this time. */
  sqlSpoolFlush: 20,
  /** A page of rows is about this large at most (bytes); the longer its values, the more they are cut. */
  sqlPageBytes: 4 * 2 ** 20,
  /** Bytes read from a spool for one page. */
  sqlPageRead: 64 * 2 ** 20,
  /** A value in a page is cut to between so many bytes. */
  sqlCellBytesLeast: 64,
  sqlCellBytesMost: 2_000,
  /** The beginning of a value that is opened, and the most that is shown of it. */
  sqlValueBytes: 256 * 1024,
  sqlValueBytesMost: 64 * 2 ** 20,
  /** Rows sorted at once in memory; more are merged from disk. */
  sqlSortRows: 50_000,
  /** Bytes of a text that sorting looks at. */
  sqlSortKeyBytes: 1_024,
  /** Bytes of a spool read at once while it is sorted, filtered or exported. */
  sqlScanBytes: 2 ** 20,
  /** Statements of one run, and notices kept of each. */
  sqlStatements: 1_000,
  sqlNotices: 200,
  /** Tabs with a connection of their own; an idle one without a transaction lets go of it after `poolIdle`. */
  sqlTabs: 20,
  /** Tables, and functions, of a catalogue. */
  sqlCatalogTables: 5_000,
  sqlCatalogFunctions: 5_000,
  /** Counting a table's rows may take this long; then the planner's guess is shown. */
  sqlCountTimeout: 3_000,
  /** Rows that refer to a row are counted up to this, a foreign key. */
  sqlReferrers: 1_000,
  /** A time-out of a statement that the panel begins with. */
  sqlStatementTimeout: 30_000,
  /** Rows of a spreadsheet: the format's own end. The file is made in memory, so its cells are bounded too. */
  sqlSheetRows: 1_048_575,
  sqlSheetCells: 5_000_000,
  /** Characters of a spreadsheet's cell: the format's own end. */
  sqlSheetCell: 32_767,
  /** Rows of one row group of a Parquet file, fewer when they are large (bytes). */
  sqlParquetRows: 50_000,
  sqlParquetBytes: 32 * 2 ** 20,

  // The cache panel.
  /** A server that does not take a connection within this is away; panels do not wait for it. */
  cacheConnect: 3_000,
  /** After a failed connect, calls fail at once for this long. */
  cacheReconnect: 500,
  /** Pause before a server that was away is scanned again. */
  cacheScanAgain: 2_000,
  /** Keys found by one scan before it stops and asks to be continued. */
  cacheScanPause: 2_000_000,
  /** Longer keys are counted, not listed. */
  cacheKeyBytes: 16 * 1024,
  /** A folder or list up to this many keys is sorted at once; larger ones in slices, so that nothing waits. */
  cacheSortAtOnce: 20_000,
  /** Elements compared, or keys placed, before other work gets its turn. */
  cacheSlice: 50_000,
  /** A value in a row of elements is cut here. */
  cacheCellBytes: 512,
  /** The value in one reading; also what a decoder may be given, and may make. */
  cacheValueBytes: 8 * 2 ** 20,
  /** Elements of a page together, as far as their mean size tells. */
  cachePageBytes: 32 * 2 ** 20,
  /** One piece of a value that goes to or comes from a file. */
  cachePieceBytes: 2 ** 20,
  /** Redis' own limit of a string. */
  cacheStringBytes: 512 * 2 ** 20,
  /** Keys of one pipeline of bulk work. */
  cacheBulkKeys: 250,
  /** A key whose dump would be larger is left out of an export, and told. */
  cacheDumpBytes: 64 * 2 ** 20,
  /** Characters of one line of an import. */
  cacheImportLine: 128 * 2 ** 20,
  /** Keys shown of a selection, before something is done to it. */
  cacheSampleKeys: 20,
  /** Changes and profiled commands kept for a window that is slow; what falls out is counted as dropped. */
  cacheRing: 5_000,
  /** One profiled command longer than this is cut. */
  cacheMonitorChars: 2_000,
  /** MONITOR ends by itself after this time, or so many commands. */
  cacheMonitorTime: 60_000,
  cacheMonitorCommands: 1_000_000,
  /** Entries of the slow log that are read. */
  cacheSlowEntries: 256,
  cacheClients: 1_000,
  /** INFO is sampled at this pace, and so many samples are kept. */
  cacheSampleInterval: 2_000,
  cacheSamples: 1_800,
  /** Keys of one SCAN step whose memory is measured, while memory is analysed. */
  cacheMeasured: 50,
  /** Prefixes told apart by the memory analysis; the rest are one row. */
  cachePrefixes: 2_000,
  cachePrefixRows: 200,
  /** What the console shows of one reply. */
  cacheReplyItems: 2_000,
  cacheReplyChars: 200_000,
  /** Values looked into while an id is traced, each up to this size; hash fields of one key up to so many. */
  cacheTraceBytes: 64 * 1024,
  cacheTraceFields: 500,
  cacheTraceContent: 2_000,

  // The topics panel.
  /** A call of the broker's REST API that a person waits for answers within this. */
  topicsCallTimeout: 10_000,
  /** Messages a tail keeps, and bytes of their payloads (in base64); the oldest go first. */
  topicsRingMessages: 20_000,
  topicsRingBytes: 64 * 2 ** 20,
  /** Rows sent along with a tail's counters: about a screenful. */
  topicsBatchRows: 80,
  /** Characters of a row's preview, and of its properties. */
  topicsPreviewText: 300,
  /** A payload larger than this is withheld from rows, and cut in the inspector, until it is asked for. */
  topicsPayloadBytes: 64 * 1024,
  /** A payload larger than this is never shown whole in a window: it is saved as a file. */
  topicsWholeBytes: 8 * 2 ** 20,
  /** A payload larger than this is not looked into by filters on JSON paths and text. */
  topicsFilterBytes: 2 * 2 ** 20,
  /** Messages a reader may have on the way to us. */
  topicsReaderQueue: 1_000,
  /** The largest frame taken from the broker. */
  topicsFrameBytes: 128 * 2 ** 20,
  /** A frame of Pulsar's own protocol: a message of what brokers allow (5 MiB) with room for those that allow more. */
  topicsWireBytes: 64 * 2 ** 20,
  /** Messages that may be on their way by that protocol. */
  topicsWirePermits: 5_000,
  /** A quiet conversation is kept open by a ping this often: the broker ends it after five minutes without a word. */
  topicsPing: 60_000,
  /** Pauses before a lost tail is opened anew; the last one repeats. */
  topicsReopen: [250, 500, 1_000, 2_000, 5_000],
  /** The schema registry is asked again after this. */
  topicsSchemasKept: 30_000,
  /** Names of topics are listed again after this. */
  topicsNamesKept: 5_000,
  /** Topics asked for their figures, or looked into, at once. */
  topicsAtOnce: 8,
  /** A message asked for by its id arrives within this. */
  topicsMessageWait: 10_000,
  /** Pause between two samples of a topic's backlog, how many are kept, and how long they are taken after nobody looks. */
  topicsLagInterval: 2_000,
  topicsLagKept: 1_800,
  topicsLagAfter: 600_000,
  /** Consumers that hold messages and have acknowledged none for this long are stuck. */
  topicsStuckAfter: 10_000,
  /** Dead letters of one topic that are listed. */
  topicsDeadLetters: 5_000,
  /** Dead letters on their way back at once. */
  topicsRedriveAtOnce: 200,
  /** Acknowledgements of a redrive are seen at the broker within this. */
  topicsAcknowledged: 10_000,
  topicsAcknowledgedPoll: 100,
  /** Entries of one topic, from its end, that are searched for an id, and how long all topics are searched. */
  topicsTraceEntries: 2_000_000,
  topicsTraceTime: 12_000,

  // The documents panel.
  /** A call waits this long for a server that is away. */
  documentServerWait: 2_000,
  /** A query, count or explanation may take this long on the server unless asked otherwise; and the longest that can be asked for. */
  documentQueryTimeout: 60_000,
  documentQueryTimeoutMost: 3_600_000,
  /** Documents of a page that a window asks for, and of one batch from the server after the first page. */
  documentPage: 200,
  documentBatch: 500,
  /** A document bigger than this is withheld until it is asked for; so is what would make a page bigger than `documentPageBytes`. */
  documentWithheld: 256 * 1024,
  documentPageBytes: 4 * 1024 * 1024,
  /** Fields told of a document that is withheld. */
  documentOutlineFields: 500,
  /** Results kept open a session; the one used longest ago is closed. One that nobody asks of is closed after `documentQueryIdle`. */
  documentQueries: 24,
  documentQueryIdle: 30 * 60_000,
  /** A result's spool takes no more than this; what comes after has to be filtered for. */
  documentSpoolBytes: 4 * 2 ** 30,
  /** A filter, pipeline or document typed into the window; bigger ones are sent as files. */
  documentTextLength: 900_000,
  /** The largest document of MongoDB, as text in Extended JSON. */
  documentEjsonBytes: 64 * 1024 * 1024,
  /** Collections whose sizes are asked for at once. */
  documentSizesAtOnce: 200,
  /** Input documents of an aggregation's preview, and documents shown of each stage. */
  documentStageInput: 10_000,
  documentStageShown: 20,
  /** Documents shown of a bulk change before and after. */
  documentChangePreview: 5,
  /** Documents deleted or written by one command of a bulk change or import, and bytes. */
  documentWriteBatch: 1_000,
  documentWriteBytes: 8 * 1024 * 1024,
  /** Schema analysis: the most documents read, fields kept, values kept a field, and how deep it looks. */
  documentSchemaSample: 100_000,
  documentSchemaFields: 1_000,
  documentSchemaValues: 100,
  documentSchemaNumbers: 1_000,
  documentSchemaDepth: 12,
  /** Changes kept for a window that is slower than the server, and the size up to which one is told whole. */
  documentChangesKept: 1_000,
  documentChangeBytes: 64 * 1024,
  /** Records of an import that are told as refused. */
  documentImportRefused: 20,
  /** Columns of a CSV. */
  documentCsvColumns: 2_000,

  // The metrics panel.
  /** Lines of one chart; what is beyond is told as cut. */
  chartLines: 60,
  /** So few points are read and put into windows here; of more, the server is asked for windows. */
  chartRawPoints: 20_000,
  /** Windows of one line, whatever was asked for. */
  chartWindows: 4_000,
  /** Numbers of one chart, over all its lines: windows are made longer to keep to it. */
  chartValues: 120_000,
  /** Points that a heat map or histogram counts one by one; where there are more, means of short windows are counted. */
  distributionPoints: 200_000,
  /** Columns of a heat map. */
  distributionColumns: 160,
  /** Names of one list: measurements, fields, tags, values of a tag. */
  influxNames: 500,
  /** Tags whose distinct values are counted, and measurements whose series are. */
  cardinalityRows: 200,
  /** A query may run this long before it is given up. */
  fluxTimeout: 600_000,
  /** What one run of a query may spool, rows and bytes; its query is ended there. */
  fluxSpoolRows: 20_000_000,
  fluxSpoolBytes: 2 * 2 ** 30,
  /** Characters of one cell in a page of rows; the whole is asked for by itself. */
  fluxCell: 1_000,
  /** Runs kept spooled in one session; the oldest goes. */
  fluxRuns: 32,
  /** Rows of a run that are drawn as lines. */
  fluxGraphRows: 500_000,
  /** Different sets of columns that one run may have. */
  fluxResults: 200,
  /** Lines sent at once while a file of line protocol is written, and their size. */
  lineBatch: 5_000,
  lineBatchBytes: 4 * 2 ** 20,
  /** One line of line protocol: a longer one is told as wrong. */
  lineBytes: 2 ** 20,
  /** Lines of a batch that the server left out are looked for one by one up to this many. */
  lineSearch: 8,
  /** Wrong lines that are told one by one. */
  lineProblems: 200,
  /** Reports of written files kept in one session. */
  writeReports: 20,
  /** Predicates of one delete: one for each combination of tag values. */
  deletePredicates: 200,
  /** A delete takes the server about a millisecond a point; it answers when it is done. */
  deleteTimeout: 3_600_000,
  /** Buckets in which an id is looked for. */
  traceBuckets: 20,
  /** Pause between two samples of the five servers, and how long one server may take to tell. */
  monitorInterval: 30_000,
  monitorAnswer: 5_000,
  /** Seconds that samples of the servers are kept. */
  monitorRetentionSeconds: 7 * 86_400,

  // Snapshots.
  /** Every process of a service stands still this long after it was told to, or the snapshot is given up. */
  pausePatience: 5_000,
  /** Files that are copied or hashed side by side. */
  copyLanes: 4,
  /** A file larger than this that cannot be cloned is copied piece by piece, so that a cancel is felt; the system's own copy takes half as long. PostgreSQL's are at most as large. */
  copyPieceFrom: 2 ** 30,
  /** One piece of a file that is copied so. */
  copyPiece: 2 ** 20,
  /** Threads that hash files. */
  hashThreads: 4,
  /** A file larger than this is hashed in a thread of its own, and copied by a call that does not hold up the one that all else runs in. */
  smallFile: 64 * 2 ** 10,
  /** What is read at once to be hashed: it stays in a core's cache. */
  hashPiece: 256 * 2 ** 10,
  /** ms between two looks at how far the system's own copy of a file is */
  copyWatch: 200,
  /** Pause between two looks at how far a copy inside the engine is. */
  copyLook: 1_000,
  /** A container that copies ends by itself after this long, should nobody end it. */
  copyHelperLife: 6 * 3_600_000,
  /** Before a copy is made a server may take this long to let go of what it needs no more, and the pause between two looks at it. */
  letGoPatience: 10_000,
  letGoLook: 50,
  /** Room left free on the disk by a snapshot or a restore. */
  snapshotSpare: 64 * 2 ** 20,
  /** Damaged parts named in one error. */
  snapshotDamageNamed: 20,
  /** Items of one table, topic, collection … that are compared one by one; of a larger part only its size and digest are. */
  diffItems: 500_000,
  /** Differences of one part that are listed; all are counted. */
  diffListed: 100,
  /** Characters of one value that are kept to be shown, and that are shown in a list of differences. */
  diffText: 600,
  diffShown: 200,
  /** A value of Redis that is larger than this, in elements or bytes, is compared by type and size only. */
  diffElements: 100_000,
  diffValueBytes: 16 * 2 ** 20,
  /** Results of comparisons that are kept for windows; the oldest goes. */
  diffsKept: 10,
  /** Safety snapshots (before a reset or `down --volumes`) that are kept of one stack; the oldest goes. */
  snapshotsSafety: 3,

  // Repro bundles.
  /** Rows that one bundle of ids can reach: each is remembered by its place in its table. */
  bundleRows: 2_000_000,
  /** Rows of one table that come along because they refer to others, unless the rules say otherwise. */
  bundleChildren: 10_000,
  /** Values of a field that are looked into for what looks personal. */
  bundleLooked: 500,
  /** Rows, keys or documents asked for in one call. */
  bundleBatch: 1_000,
  /** Ids in one query of a store that has to be sent them all in its text. */
  bundleFluxIds: 100,
  /** A Redis value larger than this is left out of a bundle, and told. */
  bundleValueBytes: 64 * 2 ** 20,
  /** Entries of a topic of this mean size (bytes) are batches, and looked through as such; so many at once. */
  bundleEntryBytes: 16 * 1024,
  bundleEntriesAtOnce: 4,
  /** Documents of a collection that tell which of its fields hold ids. */
  bundleSampled: 100,
  /** Bytes that are sent to a store at once while a bundle is loaded. */
  bundleLoadBytes: 4 * 2 ** 20,
  /** The longest line of a part that is text. */
  bundleLineBytes: 128 * 2 ** 20,
  /** The schema of a database, as SQL, is at most this large. */
  bundleSchemaBytes: 256 * 2 ** 20,
  /** What says how a store's part is to be loaded is at most this large. */
  bundleIndexBytes: 32 * 2 ** 20,
  /** A statement on a server that a bundle is pulled from may take this long. */
  pullStatementTimeout: 60_000,
  /** Certificates in a file of those who are trusted: systems have about 150. */
  pullAuthorities: 2_000,
  /** Entries of a topic, its newest ones, that are looked through there. */
  pullEntries: 200_000,
  /** A key for masks that a person gives is at least this long. */
  maskKeyBytes: 16,
  /** The most that a bundle's parts take on the disk before they are packed. */
  bundleSpoolBytes: 64 * 2 ** 30,

  // A server's own tools.
  /** Pause between two looks, and how long is looked, until the engine knows that a tool has ended. */
  toolEndPoll: 50,
  toolEndPatience: 10_000,

  // Archives (backups and bundles).
  /** The first line of a file, bytes. */
  archiveHeader: 64 * 1024,
  /** Parts of one file, and characters of the path of one. */
  archiveParts: 100_000,
  archivePath: 200,
  /** Bytes that a part is cut into: what is held of it in memory. */
  archivePiece: 2 ** 20,
  /** about.json and manifest.json, bytes: these are read whole. */
  archiveMeta: 64 * 2 ** 20,
  /** zstd makes at most 128 KiB of 4 bytes: a file that says it holds more than that is a bomb. */
  archiveRatio: 33_000,
  /** zstd's own level for speed and size together, and the log2 of the memory that reading may take. */
  archiveLevel: 3,
  archiveWindowLog: 24,

  // Backups.
  /** Between two words on how far a step is, ms. */
  progressInterval: 100,
  /** Checks of one backup that are remembered; the oldest goes. */
  backupChecksKept: 20,
  /** Bytes that a dumper collects before it hands them on. */
  dumpChunk: 256 * 1024,
  /** Counting what would be lost may take this long; after it, what the server believes is told. */
  dumpLookTimeout: 5_000,
  /** How long connections to a database that is replaced may come back before that is given up, and the pause between two attempts. */
  dumpRenamePatience: 10_000,
  dumpRenamePause: 50,
  /** Keys that are read or written at once. */
  dumpKeys: 500,
  /** Values that are dumped at once have no more bytes together than this: Redis does nothing else meanwhile. A larger one is dumped alone. */
  dumpValuesBytes: 4 * 2 ** 20,
  /** Pages of time that a bucket is read in, at most. */
  dumpPages: 1_000,
  /** How long a count may take to tell of all that was written, and the pause between two looks. */
  dumpSettlePatience: 10_000,
  dumpSettlePause: 200,
  /** Keys of which is known that they were counted: as many as a set of JavaScript holds. */
  dumpKeysTold: 16_000_000,
  /** Parts that say what a store holds, or where subscriptions stand: these are written and read whole, bytes. */
  dumpMetaBytes: 256 * 2 ** 20,
  /** What is held of a part at once, bytes: a line of SQL may hold a row of 1 GiB (PostgreSQL's most), a point or a message is far smaller. */
  dumpSqlLineBytes: 2 ** 30 + 64 * 2 ** 20,
  dumpLineBytes: 128 * 2 ** 20,
  /** A key of Redis as DUMP gives it: RESTORE takes no more than `proto-max-bulk-len` (512 MiB), and the name as much again. */
  dumpKeyBytes: 2 ** 30,
  /** A document of MongoDB: 16 MiB and some room for its own headers (https://www.mongodb.com/docs/manual/reference/limits/). */
  dumpDocumentBytes: 17 * 2 ** 20,

  // What all panels share.
  /** A session's address is looked up again after this. */
  sessionLook: 2_000,
  /** What an id is found in, a store. */
  traceFindings: 200,
  /** A store is asked for an id, or for names, no longer than this. */
  traceTimeout: 15_000,
  lookupTimeout: 2_000,
  /** Names of one store that the palette lists. */
  lookupNames: 20,
  /** Entries of a panel's history that are kept; the oldest goes. */
  historyKept: 5_000,
  /** A file that was made for a window, or sent by one, is kept this long. */
  shelfLife: 3_600_000,

  // Physical backups of PostgreSQL.
  /** A chain gets a new full backup after so many incremental ones: each one more has to be combined. */
  baseChain: 24,
  /** Another act on the same service's backups is waited for this long. */
  depotWait: 60_000,
  /** Pause between two looks at whether a recovery has ended, and between two looks at a lock. */
  recoveryLook: 250,
  /** WAL is collected this often while an app shows the stack. */
  walCollect: 60_000,
  /** With less than this free (bytes) no WAL is collected by itself: a gap is better than a full disk. */
  walSpare: 2 ** 30,
  /** Bytes read of the end of a manifest, where its range of WAL stands. */
  manifestTail: 4 * 1024,
  /** Bytes at the end of the WAL that need not be played back: the server may have been in the middle of writing a record. */
  walUnplayed: 256 * 1024,
  /** Points with a name that are remembered. */
  restorePoints: 1_000,

  // The schedule.
  /** Pause between two looks at what is due. */
  scheduleLook: 15_000,
  /** A clock that is set back further than this is believed, and what was handled later is not. */
  scheduleClockBack: 86_400_000,
  /** Results that are kept and shown of one stack. */
  scheduleResults: 500,
  scheduleJobs: 50,

  // The machine and its home.
  /** Less free disk space than this (bytes) is worth a warning: the five servers, their data and their logs. */
  diskWanted: 5 * 2 ** 30,
  /** Counting what a store holds may take this long. */
  seedCountTimeout: 300_000,
  /** The largest `--scale`. */
  seedScaleMax: 1_000,
} as const;
