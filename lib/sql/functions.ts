const words = (text: string) => text.trim().split(/\s+/u);

/**
 * Built-in functions that compute a value from their arguments, the clock or harmless session state, and do nothing else
 * (MySQL 8.4 and MariaDB 10.11 manuals, "Functions and Operators"). Everything that is not listed has to be named by a rule:
 * functions that wait, lock, read files, advance sequences, quote values in errors, and every stored or loadable function.
 */
const PURE: ReadonlySet<string> = new Set([
  ...words(`
    if ifnull nullif isnull nvl nvl2 coalesce greatest least interval elt field row any_value grouping
    cast convert binary
  `),
  // Strings
  ...words(`
    ascii ord bin bit_length char char_length character_length chr concat concat_ws export_set find_in_set format from_base64
    to_base64 hex unhex insert instr lcase lower left length octet_length locate lpad ltrim make_set mid oct position quote
    regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right rpad rtrim soundex space strcmp substr
    substring substring_index trim ucase upper weight_string charset collation coercibility natural_sort_key sformat
    to_char lengthb
  `),
  // Numbers
  ...words(`
    abs acos asin atan atan2 ceil ceiling conv cos cot crc32 crc32c degrees exp floor ln log log10 log2 mod pi pow power radians
    rand round sign sin sqrt tan truncate bit_count format_bytes format_pico_time
  `),
  // Dates and times
  ...words(`
    adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date date_add date_format date_sub
    datediff day dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime get_format hour last_day localtime
    localtimestamp makedate maketime microsecond minute month monthname now period_add period_diff quarter sec_to_time second
    str_to_date subdate subtime sysdate time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days
    to_seconds unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear year yearweek add_months
  `),
  // JSON
  ...words(`
    json_array json_array_append json_array_insert json_array_intersect json_compact json_contains json_contains_path json_depth
    json_detailed json_equals json_exists json_extract json_insert json_keys json_length json_loose json_merge json_merge_patch
    json_merge_preserve json_normalize json_object json_object_filter_keys json_object_to_array json_overlaps json_pretty
    json_query json_quote json_remove json_replace json_schema_valid json_search json_set json_storage_size json_type
    json_unquote json_valid json_value
  `),
  // Digests, identifiers, addresses
  ...words(`
    md5 sha sha1 sha2 uuid uuid_short uuid_to_bin bin_to_uuid is_uuid inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4
    is_ipv4_compat is_ipv4_mapped is_ipv6 random_bytes sys_guid
  `),
  // Session
  ...words(`
    connection_id current_role current_user database found_rows row_count schema session_user system_user user version
  `),
  // Aggregates and windows
  ...words(`
    avg bit_and bit_or bit_xor count group_concat json_arrayagg json_objectagg max min std stddev stddev_pop stddev_samp sum
    variance var_pop var_samp cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
  `),
]);

/**
 * Of those, the ones that give a value or NULL for every argument, in about the same time: what they are called on can not be told
 * from an error or from how long the statement took.
 */
const TOTAL: ReadonlySet<string> = new Set(
  words(`
    if ifnull nullif isnull nvl nvl2 coalesce greatest least field row
    ascii ord bit_length char_length character_length concat concat_ws find_in_set hex insert instr lcase lower left length
    octet_length locate ltrim mid position quote replace reverse right rtrim soundex strcmp substr substring substring_index
    trim ucase upper unhex to_base64 from_base64 crc32 md5 sha sha1 sha2
    date year month monthname day dayname dayofmonth dayofweek dayofyear weekday week weekofyear yearweek quarter hour minute
    second microsecond date_format datediff last_day to_days extract timestampdiff str_to_date
    sign floor ceil ceiling
    any_value count min max avg group_concat json_arrayagg row_number rank dense_rank lag lead first_value last_value nth_value
  `),
);

export function isTotal(name: string): boolean {
  return TOTAL.has(name);
}

/** Built-ins that make much out of little: beside a hidden value they would let time tell it. */
const AMPLIFYING: ReadonlySet<string> = new Set(
  words("repeat space lpad rpad regexp_instr regexp_like regexp_replace regexp_substr weight_string sformat"),
);

export function isAmplifying(name: string): boolean {
  return AMPLIFYING.has(name);
}

/** Whether a built-in of this lower-case name, called with so many arguments, is known to be safe. */
export function isPure(name: string, args: number): boolean {
  return PURE.has(name) || (name === "last_insert_id" && args === 0);
}
