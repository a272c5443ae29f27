CREATE TABLE `column_findings` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`schema_name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`table_name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`column_name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`data_type` varchar(64) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`confidence` int NOT NULL,
	`reason` varchar(1000) NOT NULL,
	`method` enum('redact','null','partial','token','email','year','bucket') NOT NULL,
	`options` json NOT NULL,
	`status` enum('open','accepted','dismissed') NOT NULL DEFAULT 'open',
	`found_at` datetime(3) NOT NULL,
	`decided_at` datetime(3),
	`decided_by` varchar(255),
	CONSTRAINT `column_findings_id` PRIMARY KEY(`id`),
	CONSTRAINT `column_findings_column` UNIQUE(`connection_id`,`schema_name`,`table_name`,`column_name`)
);
--> statement-breakpoint
CREATE TABLE `column_scans` (
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`fingerprint` char(64),
	`checked` longblob,
	`checked_count` int NOT NULL DEFAULT 0,
	`scanned_at` datetime(3),
	`last_error` varchar(500),
	`claimed_by` char(26) character set ascii collate ascii_bin,
	`claimed_until` datetime(3),
	CONSTRAINT `column_scans_connection_id` PRIMARY KEY(`connection_id`)
);
--> statement-breakpoint
ALTER TABLE `column_findings` ADD CONSTRAINT `column_findings_connection_id_connections_id_fk` FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `column_scans` ADD CONSTRAINT `column_scans_connection_id_connections_id_fk` FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `column_findings_status` ON `column_findings` (`status`,`id`);