DROP INDEX `statements_at` ON `statements`;--> statement-breakpoint
CREATE INDEX `statements_at` ON `statements` (`at`,`id`,`masked_rows`);