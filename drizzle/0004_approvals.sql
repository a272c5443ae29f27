CREATE TABLE `approval_viewers` (
	`approval_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`identity_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`name` varchar(255) NOT NULL,
	`seen_at` datetime(3) NOT NULL,
	CONSTRAINT `approval_viewers_approval_id_identity_id_pk` PRIMARY KEY(`approval_id`,`identity_id`)
);
--> statement-breakpoint
CREATE TABLE `approval_votes` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`approval_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`reviewer_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`reviewer_name` varchar(255) NOT NULL,
	`vote` enum('approve','deny','withdrawn') NOT NULL,
	`scope` enum('once','session','minutes'),
	`minutes` int,
	`note` varchar(500),
	`at` datetime(3) NOT NULL,
	CONSTRAINT `approval_votes_id` PRIMARY KEY(`id`),
	CONSTRAINT `approval_votes_person` UNIQUE(`approval_id`,`reviewer_id`)
);
--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`webhook_id` char(26) character set ascii collate ascii_bin NOT NULL,
	`message_id` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`event` varchar(40) NOT NULL,
	`approval_id` char(26) character set ascii collate ascii_bin,
	`payload` json NOT NULL,
	`status` enum('pending','delivered','dead') NOT NULL,
	`attempts` int NOT NULL DEFAULT 0,
	`next_at` datetime(3) NOT NULL,
	`response_code` int,
	`response_body` varchar(500),
	`error` varchar(500),
	`created_at` datetime(3) NOT NULL,
	`last_attempt_at` datetime(3),
	`delivered_at` datetime(3),
	CONSTRAINT `webhook_deliveries_id` PRIMARY KEY(`id`),
	CONSTRAINT `webhook_deliveries_message` UNIQUE(`webhook_id`,`message_id`)
);
--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` char(26) character set ascii collate ascii_bin NOT NULL,
	`name` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`url` varchar(1000) NOT NULL,
	`sealed_secret` text NOT NULL,
	`events` json NOT NULL,
	`format` enum('generic','slack') NOT NULL,
	`enabled` boolean NOT NULL DEFAULT true,
	`version` int NOT NULL DEFAULT 1,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`updated_by` varchar(255) NOT NULL,
	CONSTRAINT `webhooks_id` PRIMARY KEY(`id`),
	CONSTRAINT `webhooks_name` UNIQUE(`name`)
);
--> statement-breakpoint
ALTER TABLE `approvals` ADD `owner_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `approvals` ADD `scope_hash` char(64);--> statement-breakpoint
ALTER TABLE `approvals` ADD `pending_key` char(64);--> statement-breakpoint
ALTER TABLE `approvals` ADD `required` int DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `approvals` ADD `hold_state` enum('held','retry_only') DEFAULT 'retry_only' NOT NULL;--> statement-breakpoint
ALTER TABLE `approvals` ADD `hold_until` datetime(3);--> statement-breakpoint
ALTER TABLE `approvals` ADD `gateway_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `approvals` ADD `purpose` varchar(500);--> statement-breakpoint
ALTER TABLE `approvals` ADD `client_program` varchar(255);--> statement-breakpoint
ALTER TABLE `approvals` ADD `transaction_facts` json;--> statement-breakpoint
ALTER TABLE `approvals` ADD `earlier_statements` json;--> statement-breakpoint
ALTER TABLE `approvals` ADD `access` json;--> statement-breakpoint
ALTER TABLE `approvals` ADD `masking` json;--> statement-breakpoint
ALTER TABLE `approvals` ADD `explain_facts` json;--> statement-breakpoint
ALTER TABLE `approvals` ADD `decided_at` datetime(3);--> statement-breakpoint
ALTER TABLE `approvals` ADD `decided_by_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `approvals` ADD `decided_by_name` varchar(255);--> statement-breakpoint
ALTER TABLE `approvals` ADD `decision_note` varchar(500);--> statement-breakpoint
ALTER TABLE `approvals` ADD `grant_scope` enum('once','session','minutes');--> statement-breakpoint
ALTER TABLE `approvals` ADD `grant_until` datetime(3);--> statement-breakpoint
ALTER TABLE `approvals` ADD `grant_session_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `approvals` ADD `grant_uses` int DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `approvals` ADD `grant_used_at` datetime(3);--> statement-breakpoint
ALTER TABLE `approvals` ADD `updated_at` datetime(3) DEFAULT CURRENT_TIMESTAMP(3) NOT NULL;--> statement-breakpoint
ALTER TABLE `identities` ADD `owner_id` char(26) character set ascii collate ascii_bin;--> statement-breakpoint
ALTER TABLE `approvals` ADD CONSTRAINT `approvals_pending` UNIQUE(`pending_key`);--> statement-breakpoint
ALTER TABLE `approval_viewers` ADD CONSTRAINT `approval_viewers_approval_id_approvals_id_fk` FOREIGN KEY (`approval_id`) REFERENCES `approvals`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `approval_votes` ADD CONSTRAINT `approval_votes_approval_id_approvals_id_fk` FOREIGN KEY (`approval_id`) REFERENCES `approvals`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `webhook_deliveries` ADD CONSTRAINT `webhook_deliveries_webhook_id_webhooks_id_fk` FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `approval_viewers_seen` ON `approval_viewers` (`seen_at`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`status`,`next_at`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook` ON `webhook_deliveries` (`webhook_id`,`id`);--> statement-breakpoint
CREATE INDEX `approvals_state_expires` ON `approvals` (`state`,`expires_at`,`version`);--> statement-breakpoint
CREATE INDEX `approvals_updated` ON `approvals` (`updated_at`);--> statement-breakpoint
CREATE INDEX `approvals_scope` ON `approvals` (`scope_hash`,`state`);--> statement-breakpoint
CREATE INDEX `approvals_connection_name` ON `approvals` (`connection_name`,`id`);--> statement-breakpoint
CREATE INDEX `approvals_template` ON `approvals` (`template_hash`,`id`);--> statement-breakpoint
CREATE INDEX `approvals_session` ON `approvals` (`session_id`,`state`);--> statement-breakpoint
CREATE INDEX `approvals_gateway` ON `approvals` (`gateway_id`,`hold_state`);--> statement-breakpoint
CREATE INDEX `approvals_decided_by` ON `approvals` (`decided_by_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_object` ON `audit_events` (`object_id`,`id`);