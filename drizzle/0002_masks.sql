CREATE TABLE `masks` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`connection_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`column_pattern` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`method` enum('redact','null','partial','token','email','year','bucket') NOT NULL,
	`options` json NOT NULL,
	`predicates` enum('deny','equality','any') NOT NULL,
	`derived` enum('deny','mask') NOT NULL,
	`join_class` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`exempt` json NOT NULL,
	`version` int NOT NULL DEFAULT 1,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`updated_by` varchar(255) NOT NULL,
	CONSTRAINT `masks_id` PRIMARY KEY(`id`),
	CONSTRAINT `masks_column` UNIQUE(`connection_id`,`column_pattern`)
);
--> statement-breakpoint
ALTER TABLE `connections` ADD `restricted_user` varchar(80) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `connections` ADD `sealed_restricted_password` text;--> statement-breakpoint
ALTER TABLE `statements` ADD `masking` json;--> statement-breakpoint
ALTER TABLE `statements` ADD `masked_rows` bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `masks` ADD CONSTRAINT `masks_connection_id_connections_id_fk` FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON DELETE no action ON UPDATE no action;