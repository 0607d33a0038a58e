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
  /** One readiness probe may take this long. */
  probeTimeout: 5_000,
  /** A service that is not ready after this long has failed to start. */
  readyTimeout: 180_000,
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
  /** CPU is first told after this short measurement, then every `statsInterval`. */
  nativeFirstSample: 200,
  /** What a command prints is kept up to this, and its end up to `commandTailBytes` for an error. */
  commandOutputBytes: 4 * 1024 * 1024,
  commandTailBytes: 16 * 1024,
  /** A program asked for its version answers within this. */
  versionAnswer: 10_000,
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

  // The cache panel.

  // The topics panel.

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

  // The machine and its home.
  /** Less free disk space than this (bytes) is worth a warning: the five servers, their data and their logs. */
  diskWanted: 5 * 2 ** 30,
  /** Counting what a store holds may take this long. */
  seedCountTimeout: 300_000,
  /** The largest `--scale`. */
  seedScaleMax: 1_000,
} as const;
