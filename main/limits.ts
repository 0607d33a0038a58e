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
  /** A server that does not take a connection within this is away; panels do not wait for it. */
  cacheConnect: 3_000,
  /** After a failed connect, calls fail at once for this long. */
  cacheReconnect: 500,
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

  // The metrics panel.
  /** Lines of one chart; what is beyond is told as cut. */
  chartLines: 60,
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
  /** Runs kept spooled in one session; the oldest goes. */
  fluxRuns: 8,
  /** Rows of a run that are drawn as lines. */
  fluxGraphRows: 500_000,
  /** Different sets of columns that one run may have. */
  fluxResults: 200,
  /** Lines sent at once while a file of line protocol is written, and their size. */
  lineBatch: 5_000,
  lineBatchBytes: 4 * 2 ** 20,
  /** One line of line protocol: a longer one is told as wrong. */
  lineBytes: 2 ** 20,
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
