CREATE TABLE `chain_batches` (
	`chain_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`number` int NOT NULL,
	`first_item` bigint NOT NULL,
	`count` int NOT NULL,
	`items` mediumblob NOT NULL,
	`at` datetime(3) NOT NULL,
	`previous` char(64) NOT NULL,
	`hash` char(64) NOT NULL,
	`witnesses` json NOT NULL,
	`final` boolean NOT NULL,
	`note` varchar(255),
	`key_id` char(16) NOT NULL,
	`signature` varchar(100) NOT NULL,
	CONSTRAINT `chain_batches_chain_id_number_pk` PRIMARY KEY(`chain_id`,`number`)
);
--> statement-breakpoint
CREATE TABLE `column_reads` (
	`day` date NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`column` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`how` varchar(16) NOT NULL,
	`statements` int NOT NULL,
	`rows` bigint NOT NULL,
	`first_at` datetime(3) NOT NULL,
	`last_at` datetime(3) NOT NULL,
	`last_statement_id` char(26) character set ascii collate ascii_bin NOT NULL,
	CONSTRAINT `column_reads_connection_name_column_day_identity_id_how_pk` PRIMARY KEY(`connection_name`,`column`,`day`,`identity_id`,`how`)
);
--> statement-breakpoint
CREATE TABLE `event_stream_cursors` (
	`stream_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`chain_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`number` int NOT NULL,
	`attempting` int,
	`parts` int NOT NULL DEFAULT 0,
	CONSTRAINT `event_stream_cursors_stream_id_chain_id_pk` PRIMARY KEY(`stream_id`,`chain_id`)
);
--> statement-breakpoint
CREATE TABLE `event_streams` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`url` varchar(1000),
	`sealed_secret` text,
	`statements` boolean NOT NULL DEFAULT false,
	`enabled` boolean NOT NULL DEFAULT true,
	`sent_events` bigint NOT NULL DEFAULT 0,
	`last_sent_at` datetime(3),
	`failures` int NOT NULL DEFAULT 0,
	`failing_since` datetime(3),
	`last_error` varchar(500),
	`next_attempt_at` datetime(3) NOT NULL,
	`version` int NOT NULL DEFAULT 1,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`updated_by` varchar(255) NOT NULL,
	CONSTRAINT `event_streams_id` PRIMARY KEY(`id`),
	CONSTRAINT `event_streams_name` UNIQUE(`name`)
);
--> statement-breakpoint
CREATE TABLE `live_sessions` (
	`session_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`gateway_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`statement_id` char(26) character set ascii collate ascii_bin,
	`sql` varchar(1000),
	`statement_at` datetime(3),
	`held` boolean NOT NULL,
	`in_transaction` boolean NOT NULL,
	`rows` bigint NOT NULL,
	`bytes` bigint NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `live_sessions_session_id` PRIMARY KEY(`session_id`)
);
--> statement-breakpoint
CREATE TABLE `record_chains` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`kind` enum('gateway','console','gateway_direct','command') NOT NULL,
	`name` varchar(255) NOT NULL,
	`started_at` datetime(3) NOT NULL,
	`seen_at` datetime(3) NOT NULL,
	`ended_at` datetime(3),
	`head_number` int NOT NULL DEFAULT 0,
	`head_hash` char(64) NOT NULL,
	`items` bigint NOT NULL DEFAULT 0,
	`spool_segment` int NOT NULL DEFAULT 0,
	`spool_offset` bigint NOT NULL DEFAULT 0,
	`spool_sequence` bigint NOT NULL DEFAULT 0,
	CONSTRAINT `record_chains_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `recording_chunks` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`session_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`number` int NOT NULL,
	`codec` enum('zstd','brotli') NOT NULL,
	`frames` int NOT NULL,
	`first_statement_id` char(26) character set ascii collate ascii_bin,
	`last_statement_id` char(26) character set ascii collate ascii_bin,
	`first_us` bigint NOT NULL,
	`last_us` bigint NOT NULL,
	`last_sequence` bigint NOT NULL,
	`raw_bytes` int NOT NULL,
	`stored_bytes` int NOT NULL,
	`sha256` char(64) NOT NULL,
	`at` datetime(3) NOT NULL,
	`data` mediumblob,
	`expired_at` datetime(3),
	`chain_batch` int,
	CONSTRAINT `recording_chunks_id` PRIMARY KEY(`id`),
	CONSTRAINT `recording_chunks_session` UNIQUE(`session_id`,`number`)
);
--> statement-breakpoint
CREATE TABLE `saved_views` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`owner_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`page` enum('statements','audit','sessions') NOT NULL,
	`name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`query` varchar(2000) NOT NULL,
	`shared` boolean NOT NULL DEFAULT false,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `saved_views_id` PRIMARY KEY(`id`),
	CONSTRAINT `saved_views_name` UNIQUE(`owner_id`,`page`,`name`)
);
--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` char(16) NOT NULL,
	`public_key` text NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `signing_keys_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `statement_minutes` (
	`minute` datetime(3) NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`effect` enum('allow','review','deny','none') NOT NULL,
	`failed` boolean NOT NULL,
	`statements` int NOT NULL,
	`rows` bigint NOT NULL,
	`masked_rows` bigint NOT NULL,
	`duration_us` bigint NOT NULL,
	CONSTRAINT `statement_minutes_pk` PRIMARY KEY(`minute`,`connection_name`,`identity_id`,`effect`,`failed`)
);
--> statement-breakpoint
CREATE TABLE `statement_periods` (
	`grain` enum('hour','day') NOT NULL,
	`start` datetime(3) NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`effect` enum('allow','review','deny','none') NOT NULL,
	`failed` boolean NOT NULL,
	`statements` bigint NOT NULL,
	CONSTRAINT `statement_periods_pk` PRIMARY KEY(`grain`,`start`,`connection_name`,`identity_id`,`effect`,`failed`)
);
--> statement-breakpoint
CREATE TABLE `statement_templates` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`template_hash` char(64) NOT NULL,
	`default_schema` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`text` mediumtext NOT NULL,
	`statement_class` varchar(24) NOT NULL,
	`tables` json NOT NULL,
	`reads` json NOT NULL,
	`uses` json NOT NULL,
	`writes` json NOT NULL,
	`first_at` datetime(3) NOT NULL,
	`last_at` datetime(3) NOT NULL,
	CONSTRAINT `statement_templates_id` PRIMARY KEY(`id`),
	CONSTRAINT `statement_templates_key` UNIQUE(`connection_name`,`template_hash`,`default_schema`)
);
--> statement-breakpoint
CREATE TABLE `template_objects` (
	`name` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`kind` enum('table','column') NOT NULL,
	`template_id` char(26) character set ascii collate ascii_bin NOT NULL,
	CONSTRAINT `template_objects_name_kind_template_id_pk` PRIMARY KEY(`name`,`kind`,`template_id`)
);
--> statement-breakpoint
ALTER TABLE `audit_events` ADD `chain_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `audit_events` ADD `chain_batch` int;--> statement-breakpoint
ALTER TABLE `sessions` ADD `recorded_results` enum('full','shape','none');--> statement-breakpoint
ALTER TABLE `sessions` ADD `followed_until` datetime(3);--> statement-breakpoint
ALTER TABLE `statements` ADD `state` enum('running','done','unknown') DEFAULT 'done' NOT NULL;--> statement-breakpoint
ALTER TABLE `statements` ADD `waited_us` bigint;--> statement-breakpoint
ALTER TABLE `statements` ADD `chain_batch` int;--> statement-breakpoint
CREATE INDEX `column_reads_identity` ON `column_reads` (`identity_id`,`day`);--> statement-breakpoint
CREATE INDEX `live_sessions_gateway` ON `live_sessions` (`gateway_id`);--> statement-breakpoint
CREATE INDEX `record_chains_open` ON `record_chains` (`ended_at`,`seen_at`);--> statement-breakpoint
CREATE INDEX `recording_chunks_age` ON `recording_chunks` (`connection_name`,`expired_at`,`at`,`stored_bytes`);--> statement-breakpoint
CREATE INDEX `statement_templates_hash` ON `statement_templates` (`template_hash`);--> statement-breakpoint
CREATE INDEX `template_objects_template` ON `template_objects` (`template_id`);