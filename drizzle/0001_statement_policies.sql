CREATE TABLE `approvals` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`state` enum('pending','approved','denied','expired','cancelled') NOT NULL,
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`session_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`statement_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`default_schema` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`session_fingerprint` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`statement_class` varchar(24) NOT NULL,
	`sql` mediumtext NOT NULL,
	`template_hash` char(64) NOT NULL,
	`parameters` json NOT NULL,
	`binding_hash` char(64) NOT NULL,
	`policy_name` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`rule_name` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`reason` varchar(500) NOT NULL,
	`requested_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`version` int NOT NULL DEFAULT 1,
	CONSTRAINT `approvals_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `catalogues` (
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`hash` char(64),
	`server_version` varchar(100),
	`table_count` int NOT NULL DEFAULT 0,
	`column_count` int NOT NULL DEFAULT 0,
	`document` longblob,
	`changed_at` datetime(3),
	`checked_at` datetime(3) NOT NULL,
	`last_error` varchar(500),
	CONSTRAINT `catalogues_connection_id` PRIMARY KEY(`connection_id`)
);
--> statement-breakpoint
ALTER TABLE `sessions` MODIFY COLUMN `end_reason` enum('client_quit','client_lost','upstream_lost','token_expired','revoked','killed','protocol_error','state_mismatch','drained','cut');--> statement-breakpoint
ALTER TABLE `policies` ADD `metadata` enum('allow','deny') DEFAULT 'allow' NOT NULL;--> statement-breakpoint
ALTER TABLE `policies` ADD `default_effect` enum('review','deny') DEFAULT 'deny' NOT NULL;--> statement-breakpoint
ALTER TABLE `policies` ADD `rules` json NOT NULL;--> statement-breakpoint
ALTER TABLE `statements` ADD `statement_class` varchar(24);--> statement-breakpoint
ALTER TABLE `statements` ADD `template_hash` char(64);--> statement-breakpoint
ALTER TABLE `statements` ADD `effect` enum('allow','review','deny');--> statement-breakpoint
ALTER TABLE `statements` ADD `policy_name` varchar(64) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `statements` ADD `rule_name` varchar(64) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `statements` ADD `decision_reason` varchar(500);--> statement-breakpoint
ALTER TABLE `statements` ADD `approval_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `catalogues` ADD CONSTRAINT `catalogues_connection_id_connections_id_fk` FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `approvals_state` ON `approvals` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `approvals_binding` ON `approvals` (`binding_hash`,`state`);--> statement-breakpoint
CREATE INDEX `approvals_identity` ON `approvals` (`identity_id`,`id`);--> statement-breakpoint
CREATE INDEX `statements_effect` ON `statements` (`effect`,`id`);--> statement-breakpoint
CREATE INDEX `statements_policy` ON `statements` (`policy_name`,`id`,`rule_name`);--> statement-breakpoint
CREATE INDEX `statements_template` ON `statements` (`template_hash`,`id`);