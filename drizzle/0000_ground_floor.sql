CREATE TABLE `audit_events` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`at` datetime(3) NOT NULL,
	`action` varchar(40) NOT NULL,
	`result` enum('ok','refused','failed') NOT NULL,
	`actor_kind` enum('person','machine','system') NOT NULL,
	`actor_id` char(26) character set ascii collate ascii_bin,
	`actor_name` varchar(255) NOT NULL,
	`object_kind` varchar(32),
	`object_id` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`object_name` varchar(255),
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin,
	`address` varchar(64),
	`code` varchar(40),
	`message` varchar(1000),
	`detail` json NOT NULL,
	CONSTRAINT `audit_events_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `connections` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`host` varchar(255) NOT NULL,
	`port` int NOT NULL,
	`user` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`sealed_password` text NOT NULL,
	`tls` enum('disabled','preferred','required','verify-ca','verify-full') NOT NULL,
	`ca` text,
	`schema` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`mode` enum('enforce','observe') NOT NULL,
	`limits` json NOT NULL,
	`approvals` json NOT NULL,
	`recording` json NOT NULL,
	`catalogue` json NOT NULL,
	`version` int NOT NULL DEFAULT 1,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`updated_by` varchar(255) NOT NULL,
	CONSTRAINT `connections_id` PRIMARY KEY(`id`),
	CONSTRAINT `connections_name` UNIQUE(`name`)
);
--> statement-breakpoint
CREATE TABLE `console_sessions` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`session_version` int NOT NULL,
	`sealed_id_token` text,
	`user_agent` varchar(255),
	`created_at` datetime(3) NOT NULL,
	`last_seen_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`revoked_at` datetime(3),
	CONSTRAINT `console_sessions_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `gateway_feed` (
	`id` int NOT NULL,
	`version` bigint NOT NULL,
	CONSTRAINT `gateway_feed_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `gateways` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`hostname` varchar(255) NOT NULL,
	`pid` int NOT NULL,
	`address` varchar(255) NOT NULL,
	`version` varchar(40) NOT NULL,
	`started_at` datetime(3) NOT NULL,
	`heartbeat_at` datetime(3) NOT NULL,
	`stopped_at` datetime(3),
	CONSTRAINT `gateways_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `identities` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`issuer` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`subject` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`kind` enum('machine','person') NOT NULL,
	`client_id` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`email` varchar(255),
	`display_name` varchar(255) NOT NULL,
	`groups` json NOT NULL,
	`status` enum('active','suspended') NOT NULL DEFAULT 'active',
	`status_reason` varchar(500),
	`status_changed_by` varchar(255),
	`status_changed_at` datetime(3),
	`session_version` int NOT NULL DEFAULT 1,
	`first_seen_at` datetime(3) NOT NULL,
	`last_seen_at` datetime(3) NOT NULL,
	CONSTRAINT `identities_id` PRIMARY KEY(`id`),
	CONSTRAINT `identities_issuer_subject` UNIQUE(`issuer`,`subject`)
);
--> statement-breakpoint
CREATE TABLE `policies` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`identities` json NOT NULL,
	`version` int NOT NULL DEFAULT 1,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`updated_by` varchar(255) NOT NULL,
	CONSTRAINT `policies_id` PRIMARY KEY(`id`),
	CONSTRAINT `policies_name` UNIQUE(`name`)
);
--> statement-breakpoint
CREATE TABLE `revisions` (
	`number` int NOT NULL,
	`document` mediumtext NOT NULL,
	`summary` varchar(500) NOT NULL,
	`author_id` char(26) character set ascii collate ascii_bin,
	`author_name` varchar(255) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `revisions_number` PRIMARY KEY(`number`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`gateway_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_id` char(26) character set ascii collate ascii_bin,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`wire_id` bigint NOT NULL,
	`client_address` varchar(64) NOT NULL,
	`client_program` varchar(255),
	`auth_method` enum('caching_sha2_password','mysql_clear_password','authentication_openid_connect_client') NOT NULL,
	`tls_version` varchar(20) NOT NULL,
	`token_expires_at` datetime(3) NOT NULL,
	`started_at` datetime(3) NOT NULL,
	`ended_at` datetime(3),
	`end_reason` enum('client_quit','client_lost','upstream_lost','token_expired','revoked','killed','protocol_error','drained','cut'),
	`statement_count` int NOT NULL DEFAULT 0,
	`error_count` int NOT NULL DEFAULT 0,
	`last_statement_at` datetime(3),
	`bytes_in` bigint NOT NULL DEFAULT 0,
	`bytes_out` bigint NOT NULL DEFAULT 0,
	`kill_requested_at` datetime(3),
	`kill_requested_by` varchar(255),
	`kill_statement_only` boolean NOT NULL DEFAULT false,
	CONSTRAINT `sessions_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `statements` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`session_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`sequence` int NOT NULL,
	`at` datetime(3) NOT NULL,
	`command` enum('query','prepare','execute','init_db','field_list') NOT NULL,
	`default_schema` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`sql` mediumtext NOT NULL,
	`sql_bytes` int NOT NULL,
	`sql_cut` boolean NOT NULL DEFAULT false,
	`duration_us` bigint NOT NULL,
	`row_count` bigint NOT NULL,
	`affected_rows` bigint NOT NULL,
	`result_bytes` bigint NOT NULL,
	`error_number` int,
	`error_message` varchar(500),
	CONSTRAINT `statements_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `console_sessions` ADD CONSTRAINT `console_sessions_identity_id_identities_id_fk` FOREIGN KEY (`identity_id`) REFERENCES `identities`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `policies` ADD CONSTRAINT `policies_connection_id_connections_id_fk` FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `sessions` ADD CONSTRAINT `sessions_gateway_id_gateways_id_fk` FOREIGN KEY (`gateway_id`) REFERENCES `gateways`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `sessions` ADD CONSTRAINT `sessions_identity_id_identities_id_fk` FOREIGN KEY (`identity_id`) REFERENCES `identities`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `sessions` ADD CONSTRAINT `sessions_connection_id_connections_id_fk` FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `audit_events_action` ON `audit_events` (`action`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_actor` ON `audit_events` (`actor_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_connection` ON `audit_events` (`connection_name`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `console_sessions_identity` ON `console_sessions` (`identity_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `identities_kind_last_seen` ON `identities` (`kind`,`last_seen_at`);--> statement-breakpoint
CREATE INDEX `policies_connection` ON `policies` (`connection_id`);--> statement-breakpoint
CREATE INDEX `sessions_gateway_open` ON `sessions` (`gateway_id`,`ended_at`);--> statement-breakpoint
CREATE INDEX `sessions_identity` ON `sessions` (`identity_id`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_connection` ON `sessions` (`connection_id`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_connection_name` ON `sessions` (`connection_name`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_open` ON `sessions` (`ended_at`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_wire_id` ON `sessions` (`wire_id`);--> statement-breakpoint
CREATE INDEX `statements_session` ON `statements` (`session_id`,`id`,`error_number`);--> statement-breakpoint
CREATE INDEX `statements_identity` ON `statements` (`identity_id`,`id`);--> statement-breakpoint
CREATE INDEX `statements_connection_name` ON `statements` (`connection_name`,`id`);--> statement-breakpoint
CREATE INDEX `statements_error` ON `statements` (`error_number`,`id`);--> statement-breakpoint
CREATE INDEX `statements_at` ON `statements` (`at`,`id`);