import { CAPABILITY } from "../protocol/constants";

/**
 * All that the gateway offers to clients; anything else that a client claims counts for nothing. Left out on purpose: LOCAL_FILES
 * (reads the client's files), MULTI_STATEMENTS, IGNORE_SPACE (changes what a word is), COMPRESS, query attributes, optional result-set metadata, MariaDB's extensions.
 * LONG_PASSWORD says "MySQL" to MariaDB's clients, which then do not look for extended capabilities.
 */
export const OFFERED_CAPABILITIES: number =
  (CAPABILITY.LONG_PASSWORD |
    CAPABILITY.FOUND_ROWS |
    CAPABILITY.LONG_FLAG |
    CAPABILITY.CONNECT_WITH_DB |
    CAPABILITY.NO_SCHEMA |
    CAPABILITY.ODBC |
    CAPABILITY.PROTOCOL_41 |
    CAPABILITY.INTERACTIVE |
    CAPABILITY.SSL |
    CAPABILITY.TRANSACTIONS |
    CAPABILITY.SECURE_CONNECTION |
    CAPABILITY.MULTI_RESULTS |
    CAPABILITY.PS_MULTI_RESULTS |
    CAPABILITY.PLUGIN_AUTH |
    CAPABILITY.CONNECT_ATTRS |
    CAPABILITY.PLUGIN_AUTH_LENENC |
    CAPABILITY.SESSION_TRACK |
    CAPABILITY.DEPRECATE_EOF) >>>
  0;

/** The version that the greeting names: what clients take it for decides which features they try. */
export const SERVER_VERSION = "8.0.40-sallyport";
