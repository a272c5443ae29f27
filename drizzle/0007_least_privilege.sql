CREATE TABLE `analyses` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`kind` enum('impact','learn','unused','self_test') NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`input` json NOT NULL,
	`input_hash` char(64) NOT NULL,
	`state` enum('queued','running','done','failed','cancelled') NOT NULL DEFAULT 'queued',
	`created_at` datetime(3) NOT NULL,
	`created_by_id` char(26) character set ascii collate ascii_bin,
	`created_by` varchar(255) NOT NULL,
	`progress` double NOT NULL DEFAULT 0,
	`step` varchar(200),
	`worker` varchar(100),
	`heartbeat_at` datetime(3),
	`started_at` datetime(3),
	`ended_at` datetime(3),
	`cancel_requested_at` datetime(3),
	`result` longtext,
	`error` varchar(500),
	CONSTRAINT `analyses_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `budget_uses` (
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`policy_name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`measure` enum('statements','rows','bytes','templates','masked_lookups') NOT NULL,
	`per` enum('minute','hour','day') NOT NULL,
	`window_at` datetime(3) NOT NULL,
	`used` bigint NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `budget_uses_pk` PRIMARY KEY(`connection_id`,`policy_name`,`identity_id`,`measure`,`per`,`window_at`)
);
--> statement-breakpoint
CREATE TABLE `template_uses` (
	`day` date NOT NULL,
	`connection_name` varchar(32) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`template_hash` char(64) NOT NULL,
	`default_schema` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`statements` int NOT NULL,
	`executed` int NOT NULL,
	`masked` int NOT NULL,
	`rows` bigint NOT NULL,
	`most_rows` bigint NOT NULL,
	`result_bytes` bigint NOT NULL,
	`first_at` datetime(3) NOT NULL,
	`last_at` datetime(3) NOT NULL,
	`last_statement_id` char(26) character set ascii collate ascii_bin NOT NULL,
	CONSTRAINT `template_uses_pk` PRIMARY KEY(`connection_name`,`identity_id`,`day`,`template_hash`,`default_schema`)
);
--> statement-breakpoint
ALTER TABLE `policies` ADD `budgets` json;--> statement-breakpoint
ALTER TABLE `policies` ADD `sudden` json;--> statement-breakpoint
ALTER TABLE `statements` ADD `parameters` json;--> statement-breakpoint
CREATE INDEX `analyses_state` ON `analyses` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `analyses_kind` ON `analyses` (`connection_name`,`kind`,`id`);--> statement-breakpoint
CREATE INDEX `analyses_input` ON `analyses` (`input_hash`,`id`);--> statement-breakpoint
CREATE INDEX `budget_uses_window` ON `budget_uses` (`window_at`);--> statement-breakpoint
CREATE INDEX `template_uses_template` ON `template_uses` (`template_hash`);