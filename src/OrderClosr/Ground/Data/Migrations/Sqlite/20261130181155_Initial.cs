using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OrderClosr.Ground.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    claim_type = table.Column<string>(type: "TEXT", nullable: true),
                    claim_value = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_claims", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    @new = table.Column<string>(name: "new", type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account_links",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    used_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_links", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "account_logins",
                columns: table => new
                {
                    login_provider = table.Column<string>(type: "TEXT", nullable: false),
                    provider_key = table.Column<string>(type: "TEXT", nullable: false),
                    provider_display_name = table.Column<string>(type: "TEXT", nullable: true),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_logins", x => new { x.login_provider, x.provider_key });
                });

            migrationBuilder.CreateTable(
                name: "account_routes",
                columns: table => new
                {
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    account = table.Column<string>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    target = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_routes", x => new { x.source, x.account });
                });

            migrationBuilder.CreateTable(
                name: "account_tokens",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    login_provider = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_tokens", x => new { x.user_id, x.login_provider, x.name });
                });

            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: true),
                    user_name = table.Column<string>(type: "TEXT", nullable: true),
                    normalized_user_name = table.Column<string>(type: "TEXT", nullable: true),
                    email = table.Column<string>(type: "TEXT", nullable: true),
                    normalized_email = table.Column<string>(type: "TEXT", nullable: true),
                    email_confirmed = table.Column<bool>(type: "INTEGER", nullable: false),
                    password_hash = table.Column<string>(type: "TEXT", nullable: true),
                    security_stamp = table.Column<string>(type: "TEXT", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "TEXT", nullable: true),
                    two_factor_enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    lockout_end = table.Column<long>(type: "INTEGER", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    access_failed_count = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "agent_settings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    rules = table.Column<string>(type: "TEXT", nullable: false),
                    tone = table.Column<string>(type: "TEXT", nullable: false),
                    soon_message = table.Column<string>(type: "TEXT", nullable: false),
                    notice_on = table.Column<bool>(type: "INTEGER", nullable: false),
                    notice_arabic = table.Column<string>(type: "TEXT", nullable: false),
                    notice_latin = table.Column<string>(type: "TEXT", nullable: false),
                    hours = table.Column<string>(type: "TEXT", nullable: true),
                    conversation_cap_micro_dollars = table.Column<long>(type: "INTEGER", nullable: false),
                    day_cap = table.Column<long>(type: "INTEGER", nullable: true),
                    month_cap = table.Column<long>(type: "INTEGER", nullable: true),
                    proposes_complaints = table.Column<bool>(type: "INTEGER", nullable: false),
                    proposes_wholesale = table.Column<bool>(type: "INTEGER", nullable: false),
                    proposes_over = table.Column<long>(type: "INTEGER", nullable: true),
                    hard_model = table.Column<string>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_agent_settings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    ending = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_replays",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    api_key_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    route = table.Column<string>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    body_hash = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_replays", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    actor_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    action = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    subject = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    subject_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    subject_name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    old = table.Column<string>(type: "TEXT", nullable: true),
                    @new = table.Column<string>(name: "new", type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "call_budgets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    calls = table.Column<string>(type: "TEXT", nullable: false),
                    held_until = table.Column<long>(type: "INTEGER", nullable: true),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_call_budgets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "cash_moves",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    from = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    to = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    slip_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    announced = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cash_moves", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "catalogue_imports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    file_name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    plan = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_catalogue_imports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "channels",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    external_id = table.Column<string>(type: "TEXT", nullable: false),
                    parent_id = table.Column<string>(type: "TEXT", nullable: true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    token = table.Column<string>(type: "TEXT", nullable: false),
                    token_at = table.Column<long>(type: "INTEGER", nullable: true),
                    token_ends_at = table.Column<long>(type: "INTEGER", nullable: true),
                    end_told_of = table.Column<long>(type: "INTEGER", nullable: true),
                    person = table.Column<string>(type: "TEXT", nullable: true),
                    pin = table.Column<string>(type: "TEXT", nullable: true),
                    is_on_phone = table.Column<bool>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    trouble = table.Column<string>(type: "TEXT", nullable: true),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: true),
                    connected_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_event_at = table.Column<long>(type: "INTEGER", nullable: true),
                    silence_told_at = table.Column<long>(type: "INTEGER", nullable: true),
                    health = table.Column<string>(type: "TEXT", nullable: true),
                    templates = table.Column<string>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channels", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "claim_steps",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    claim_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    what = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: true),
                    note = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_claim_steps", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "claims",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    line_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    got = table.Column<long>(type: "INTEGER", nullable: true),
                    note = table.Column<string>(type: "TEXT", nullable: false),
                    opened_at = table.Column<long>(type: "INTEGER", nullable: false),
                    opened_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    answer = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_claims", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "clock_runs",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    period = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_clock_runs", x => new { x.name, x.period });
                });

            migrationBuilder.CreateTable(
                name: "comments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_comment_id = table.Column<string>(type: "TEXT", nullable: false),
                    post_id = table.Column<string>(type: "TEXT", nullable: true),
                    parent_id = table.Column<string>(type: "TEXT", nullable: true),
                    ad_id = table.Column<string>(type: "TEXT", nullable: true),
                    author_handle = table.Column<string>(type: "TEXT", nullable: true),
                    author_name = table.Column<string>(type: "TEXT", nullable: true),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    edited_at = table.Column<long>(type: "INTEGER", nullable: true),
                    removed_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_comments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "connect_attempts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sign_in_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    way = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    key_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    returned_at = table.Column<long>(type: "INTEGER", nullable: true),
                    token = table.Column<string>(type: "TEXT", nullable: true),
                    person = table.Column<string>(type: "TEXT", nullable: true),
                    token_ends_at = table.Column<long>(type: "INTEGER", nullable: true),
                    is_on_phone = table.Column<bool>(type: "INTEGER", nullable: false),
                    offers = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_connect_attempts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "consent_notices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_notices", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "controls",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: true),
                    resume_after_hours = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_controls", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "conversations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    held_by = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    held_by_account = table.Column<Guid>(type: "TEXT", nullable: true),
                    hand_over_reason = table.Column<string>(type: "TEXT", nullable: true),
                    hand_over_note = table.Column<string>(type: "TEXT", nullable: true),
                    held_since = table.Column<long>(type: "INTEGER", nullable: true),
                    resumes_at = table.Column<long>(type: "INTEGER", nullable: true),
                    released_at = table.Column<long>(type: "INTEGER", nullable: true),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_seq = table.Column<int>(type: "INTEGER", nullable: false),
                    answered_up_to = table.Column<int>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    first_unanswered_at = table.Column<long>(type: "INTEGER", nullable: true),
                    silent_because = table.Column<string>(type: "TEXT", nullable: true),
                    last_message_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_customer_action_at = table.Column<long>(type: "INTEGER", nullable: true),
                    delivered_up_to = table.Column<long>(type: "INTEGER", nullable: true),
                    read_up_to = table.Column<long>(type: "INTEGER", nullable: true),
                    preview = table.Column<string>(type: "TEXT", nullable: false),
                    preview_author = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    preview_kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    unread = table.Column<int>(type: "INTEGER", nullable: false),
                    summary = table.Column<string>(type: "TEXT", nullable: true),
                    summary_up_to = table.Column<int>(type: "INTEGER", nullable: false),
                    referral = table.Column<string>(type: "TEXT", nullable: true),
                    language = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "courier_accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    courier = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    base_url = table.Column<string>(type: "TEXT", nullable: true),
                    credentials = table.Column<string>(type: "TEXT", nullable: false),
                    origin_wilaya = table.Column<int>(type: "INTEGER", nullable: false),
                    channel_key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    webhook_secret = table.Column<string>(type: "TEXT", nullable: true),
                    webhook_id = table.Column<string>(type: "TEXT", nullable: true),
                    variants = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    trouble = table.Column<string>(type: "TEXT", nullable: true),
                    trouble_words = table.Column<string>(type: "TEXT", nullable: true),
                    trouble_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_event_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_answer_at = table.Column<long>(type: "INTEGER", nullable: true),
                    is_default = table.Column<bool>(type: "INTEGER", nullable: false),
                    synced_at = table.Column<long>(type: "INTEGER", nullable: true),
                    sync_run = table.Column<int>(type: "INTEGER", nullable: false),
                    lists_added = table.Column<int>(type: "INTEGER", nullable: false),
                    lists_gone = table.Column<int>(type: "INTEGER", nullable: false),
                    lists_unmatched = table.Column<int>(type: "INTEGER", nullable: false),
                    fees_changed = table.Column<int>(type: "INTEGER", nullable: false),
                    look_first_before = table.Column<long>(type: "INTEGER", nullable: true),
                    paused_at = table.Column<long>(type: "INTEGER", nullable: true),
                    extra_kilo = table.Column<long>(type: "INTEGER", nullable: true),
                    included_kilos = table.Column<int>(type: "INTEGER", nullable: true),
                    connected_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courier_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "courier_fees",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    wilaya_ref = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    commune_ref = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    home = table.Column<long>(type: "INTEGER", nullable: true),
                    desk = table.Column<long>(type: "INTEGER", nullable: true),
                    @return = table.Column<long>(name: "return", type: "INTEGER", nullable: true),
                    per_extra_kilo = table.Column<long>(type: "INTEGER", nullable: true),
                    overweight_from = table.Column<int>(type: "INTEGER", nullable: true),
                    seen_in_run = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courier_fees", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "courier_places",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    @ref = table.Column<string>(name: "ref", type: "TEXT", maxLength: 120, nullable: false),
                    wilaya_ref = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    commune_ref = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    name_ar = table.Column<string>(type: "TEXT", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    postal_code = table.Column<string>(type: "TEXT", nullable: false),
                    wilaya_code = table.Column<int>(type: "INTEGER", nullable: false),
                    commune_code = table.Column<int>(type: "INTEGER", nullable: false),
                    is_matched_by_hand = table.Column<bool>(type: "INTEGER", nullable: false),
                    serves_home = table.Column<bool>(type: "INTEGER", nullable: false),
                    serves_desk = table.Column<bool>(type: "INTEGER", nullable: false),
                    days_from = table.Column<int>(type: "INTEGER", nullable: true),
                    days_to = table.Column<int>(type: "INTEGER", nullable: true),
                    desk_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    active = table.Column<bool>(type: "INTEGER", nullable: false),
                    seen_in_run = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courier_places", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "courier_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    wilaya_code = table.Column<int>(type: "INTEGER", nullable: true),
                    product_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    delivery = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    from = table.Column<long>(type: "INTEGER", nullable: true),
                    to = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courier_rules", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "courier_terms",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    days_to_pay = table.Column<int>(type: "INTEGER", nullable: false),
                    cod_basis_points = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_courier_terms", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "credit_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    cause = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    invoice_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    payment_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "customer_handles",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    handle = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_customer_handles", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    phones = table.Column<string>(type: "TEXT", nullable: false),
                    blocked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    unreachable_at = table.Column<long>(type: "INTEGER", nullable: true),
                    advertising_stopped_at = table.Column<long>(type: "INTEGER", nullable: true),
                    opted_out_at = table.Column<long>(type: "INTEGER", nullable: true),
                    delivered = table.Column<int>(type: "INTEGER", nullable: false),
                    returned = table.Column<int>(type: "INTEGER", nullable: false),
                    search = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_customers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    friendly_name = table.Column<string>(type: "TEXT", nullable: true),
                    xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "deletions",
                columns: table => new
                {
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    asked_at = table.Column<long>(type: "INTEGER", nullable: false),
                    accounts = table.Column<string>(type: "TEXT", nullable: false),
                    owners = table.Column<string>(type: "TEXT", nullable: true),
                    purged_at = table.Column<long>(type: "INTEGER", nullable: true),
                    scrubbed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    proof_asked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    invoices = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deletions", x => x.workspace_id);
                });

            migrationBuilder.CreateTable(
                name: "delivery_fees",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    wilaya_code = table.Column<int>(type: "INTEGER", nullable: false),
                    commune_code = table.Column<int>(type: "INTEGER", nullable: false),
                    home = table.Column<long>(type: "INTEGER", nullable: true),
                    desk = table.Column<long>(type: "INTEGER", nullable: true),
                    days_from = table.Column<int>(type: "INTEGER", nullable: true),
                    days_to = table.Column<int>(type: "INTEGER", nullable: true),
                    from_courier = table.Column<Guid>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_fees", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "delivery_notices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_notices", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "delivery_policies",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    free_from = table.Column<long>(type: "INTEGER", nullable: true),
                    notes = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_policies", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "desks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    wilaya_code = table.Column<int>(type: "INTEGER", nullable: false),
                    commune_code = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    active = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_desks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "early_words",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_message_id = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    news = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_early_words", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "evening_wishes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    written_on = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evening_wishes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "exchanges",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    new_order_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    lines = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    note = table.Column<string>(type: "TEXT", nullable: false),
                    courier = table.Column<Guid>(type: "TEXT", nullable: true),
                    made_at = table.Column<long>(type: "INTEGER", nullable: false),
                    made_by = table.Column<Guid>(type: "TEXT", nullable: false),
                    taken_back_at = table.Column<long>(type: "INTEGER", nullable: true),
                    damaged_pieces = table.Column<int>(type: "INTEGER", nullable: false),
                    given_back_at = table.Column<long>(type: "INTEGER", nullable: true),
                    given_back_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_exchanges", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "exports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    asked_by = table.Column<Guid>(type: "TEXT", nullable: false),
                    asked_at = table.Column<long>(type: "INTEGER", nullable: false),
                    format = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    done = table.Column<long>(type: "INTEGER", nullable: false),
                    total = table.Column<long>(type: "INTEGER", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    ready_at = table.Column<long>(type: "INTEGER", nullable: true),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_exports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "failed_tries",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    count = table.Column<int>(type: "INTEGER", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_failed_tries", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "figure_marks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    of = table.Column<Guid>(type: "TEXT", nullable: false),
                    on = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_figure_marks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "figures",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    span = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    cut = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    label = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    conversations = table.Column<int>(type: "INTEGER", nullable: false),
                    orders = table.Column<int>(type: "INTEGER", nullable: false),
                    confirmed = table.Column<int>(type: "INTEGER", nullable: false),
                    delivered = table.Column<int>(type: "INTEGER", nullable: false),
                    returned = table.Column<int>(type: "INTEGER", nullable: false),
                    paid = table.Column<int>(type: "INTEGER", nullable: false),
                    rescued = table.Column<int>(type: "INTEGER", nullable: false),
                    replies = table.Column<int>(type: "INTEGER", nullable: false),
                    hand_overs = table.Column<int>(type: "INTEGER", nullable: false),
                    leads = table.Column<int>(type: "INTEGER", nullable: false),
                    converted = table.Column<int>(type: "INTEGER", nullable: false),
                    cost_micro_dollars = table.Column<long>(type: "INTEGER", nullable: false),
                    sold = table.Column<long>(type: "INTEGER", nullable: false),
                    received = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_figures", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "hook_deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    endpoint_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    @event = table.Column<string>(name: "event", type: "TEXT", maxLength: 40, nullable: false),
                    subject = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<int>(type: "INTEGER", nullable: true),
                    tried_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hook_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "hook_endpoints",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    url = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    secret = table.Column<string>(type: "TEXT", nullable: false),
                    events = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    failing_since = table.Column<long>(type: "INTEGER", nullable: true),
                    off_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hook_endpoints", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "inbound_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    source = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: true),
                    note = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbound_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    normalized_email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    round = table.Column<int>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    sent_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "invoice_numbers",
                columns: table => new
                {
                    year = table.Column<int>(type: "INTEGER", nullable: false),
                    sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    issued_at = table.Column<long>(type: "INTEGER", nullable: false),
                    to_pay = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_numbers", x => new { x.year, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "invoices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    plan = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    plan_name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    cycle = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    shop_name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    price = table.Column<long>(type: "INTEGER", nullable: false),
                    unused = table.Column<long>(type: "INTEGER", nullable: false),
                    from_credit = table.Column<long>(type: "INTEGER", nullable: false),
                    waived = table.Column<long>(type: "INTEGER", nullable: false),
                    to_pay = table.Column<long>(type: "INTEGER", nullable: false),
                    to_credit = table.Column<long>(type: "INTEGER", nullable: false),
                    vat = table.Column<int>(type: "INTEGER", nullable: false),
                    issued_at = table.Column<long>(type: "INTEGER", nullable: false),
                    due_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    paid_at = table.Column<long>(type: "INTEGER", nullable: true),
                    from_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    to_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    voided_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoices", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    lane = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    order_key = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    gives_way = table.Column<bool>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<long>(type: "INTEGER", nullable: true),
                    may_be_done = table.Column<bool>(type: "INTEGER", nullable: false),
                    last_failure = table.Column<string>(type: "TEXT", nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "known_browsers",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    seen_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_browsers", x => new { x.account_id, x.hash });
                });

            migrationBuilder.CreateTable(
                name: "label_prints",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    format = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    parcels = table.Column<string>(type: "TEXT", nullable: false),
                    ready = table.Column<int>(type: "INTEGER", nullable: false),
                    gaps = table.Column<string>(type: "TEXT", nullable: false),
                    file = table.Column<string>(type: "TEXT", nullable: true),
                    labels = table.Column<int>(type: "INTEGER", nullable: false),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_label_prints", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "label_readings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    courier = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    label = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    movement = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_label_readings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    product_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    source = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    comment_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    note = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    follow_up_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    follow_up_note = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    followed_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    followed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true),
                    done_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    converted_at = table.Column<long>(type: "INTEGER", nullable: true),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "member_commissions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    per_order = table.Column<long>(type: "INTEGER", nullable: true),
                    share = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_member_commissions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "members",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_members", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    seq = table.Column<int>(type: "INTEGER", nullable: false),
                    channel_message_id = table.Column<string>(type: "TEXT", nullable: true),
                    direction = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    author = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    extras = table.Column<string>(type: "TEXT", nullable: true),
                    replies_to = table.Column<string>(type: "TEXT", nullable: true),
                    status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    stored_at = table.Column<long>(type: "INTEGER", nullable: false),
                    sending_at = table.Column<long>(type: "INTEGER", nullable: true),
                    edited_at = table.Column<long>(type: "INTEGER", nullable: true),
                    deleted_at = table.Column<long>(type: "INTEGER", nullable: true),
                    is_historic = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_settled = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_answer = table.Column<bool>(type: "INTEGER", nullable: false),
                    may_be_repeated = table.Column<bool>(type: "INTEGER", nullable: false),
                    reaction = table.Column<string>(type: "TEXT", nullable: true),
                    turn_id = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "number_settings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    margin_per_order = table.Column<long>(type: "INTEGER", nullable: true),
                    return_cost = table.Column<long>(type: "INTEGER", nullable: true),
                    hourly_rate = table.Column<long>(type: "INTEGER", nullable: true),
                    minutes_per_reply = table.Column<int>(type: "INTEGER", nullable: false),
                    commission = table.Column<long>(type: "INTEGER", nullable: true),
                    commission_share = table.Column<int>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_number_settings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "opt_outs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_opt_outs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "order_counters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    last = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_counters", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "order_moves",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    from = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    to = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_moves", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "order_settings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    confirms_alone = table.Column<bool>(type: "INTEGER", nullable: false),
                    duplicate_hours = table.Column<int>(type: "INTEGER", nullable: false),
                    risk_from = table.Column<int>(type: "INTEGER", nullable: false),
                    most_attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    retry_minutes = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_settings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    change_of = table.Column<Guid>(type: "TEXT", nullable: true),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    goods = table.Column<long>(type: "INTEGER", nullable: false),
                    discount = table.Column<long>(type: "INTEGER", nullable: false),
                    delivery_fee = table.Column<long>(type: "INTEGER", nullable: false),
                    is_fee_known = table.Column<bool>(type: "INTEGER", nullable: false),
                    total = table.Column<long>(type: "INTEGER", nullable: false),
                    exchange_of = table.Column<Guid>(type: "TEXT", nullable: true),
                    credit = table.Column<long>(type: "INTEGER", nullable: false),
                    credit_used = table.Column<long>(type: "INTEGER", nullable: false),
                    give_back = table.Column<long>(type: "INTEGER", nullable: false),
                    shop_pays_delivery = table.Column<bool>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    phone = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    second_phone = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    wilaya_code = table.Column<int>(type: "INTEGER", nullable: false),
                    commune_code = table.Column<int>(type: "INTEGER", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    delivery = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    desk_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    draft_version = table.Column<int>(type: "INTEGER", nullable: false),
                    confirmed_version = table.Column<int>(type: "INTEGER", nullable: false),
                    read_back_version = table.Column<int>(type: "INTEGER", nullable: false),
                    read_back_seq = table.Column<int>(type: "INTEGER", nullable: false),
                    duplicate_of = table.Column<Guid>(type: "TEXT", nullable: true),
                    risk_score = table.Column<int>(type: "INTEGER", nullable: false),
                    risk_reasons = table.Column<string>(type: "TEXT", nullable: false),
                    sources = table.Column<string>(type: "TEXT", nullable: false),
                    note = table.Column<string>(type: "TEXT", nullable: false),
                    origin = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    contact_attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_try_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    has_stock = table.Column<bool>(type: "INTEGER", nullable: false),
                    taken_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    taken_until = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    confirmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_orders", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "parcel_cash",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    received = table.Column<long>(type: "INTEGER", nullable: false),
                    return_fee = table.Column<long>(type: "INTEGER", nullable: true),
                    announced = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    announced_at = table.Column<long>(type: "INTEGER", nullable: true),
                    claimed = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parcel_cash", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "parcel_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    heard_at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    from = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    movement = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    effect = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    raw = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    where = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parcel_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "parcel_settings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    books_alone = table.Column<bool>(type: "INTEGER", nullable: false),
                    releases_alone = table.Column<bool>(type: "INTEGER", nullable: false),
                    may_open = table.Column<bool>(type: "INTEGER", nullable: false),
                    usual_weight = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parcel_settings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "parcels",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    courier = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reference = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state_at = table.Column<long>(type: "INTEGER", nullable: false),
                    courier_at = table.Column<long>(type: "INTEGER", nullable: true),
                    tracking = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    their_id = table.Column<string>(type: "TEXT", nullable: true),
                    raw = table.Column<string>(type: "TEXT", nullable: true),
                    raw_reason = table.Column<string>(type: "TEXT", nullable: true),
                    may_exist = table.Column<bool>(type: "INTEGER", nullable: false),
                    posted_at = table.Column<long>(type: "INTEGER", nullable: true),
                    not_listed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    trouble = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    trouble_words = table.Column<string>(type: "TEXT", nullable: true),
                    suggestions = table.Column<string>(type: "TEXT", nullable: false),
                    to_collect = table.Column<long>(type: "INTEGER", nullable: false),
                    delivery_fee = table.Column<long>(type: "INTEGER", nullable: false),
                    courier_fee = table.Column<long>(type: "INTEGER", nullable: true),
                    collected = table.Column<long>(type: "INTEGER", nullable: true),
                    cash_state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    delivery = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    wilaya_code = table.Column<int>(type: "INTEGER", nullable: false),
                    commune_code = table.Column<int>(type: "INTEGER", nullable: false),
                    wilaya_place_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    commune_place_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    desk_place_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    order_mark = table.Column<string>(type: "TEXT", nullable: false),
                    weight = table.Column<int>(type: "INTEGER", nullable: false),
                    is_exchange = table.Column<bool>(type: "INTEGER", nullable: false),
                    to_take_back = table.Column<string>(type: "TEXT", nullable: false),
                    may_open = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_fragile = table.Column<bool>(type: "INTEGER", nullable: false),
                    note = table.Column<string>(type: "TEXT", nullable: false),
                    label_file = table.Column<string>(type: "TEXT", nullable: true),
                    taken_back_at = table.Column<long>(type: "INTEGER", nullable: true),
                    damaged_pieces = table.Column<int>(type: "INTEGER", nullable: false),
                    printed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    label_address = table.Column<string>(type: "TEXT", nullable: true),
                    public_key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    heard_at = table.Column<long>(type: "INTEGER", nullable: true),
                    cancel_asked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parcels", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "passkeys",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "BLOB", maxLength: 1024, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    attestation_object = table.Column<byte[]>(type: "BLOB", nullable: false),
                    client_data_json = table.Column<byte[]>(type: "BLOB", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    is_backed_up = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_backup_eligible = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_user_verified = table.Column<bool>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: true),
                    public_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    sign_count = table.Column<long>(type: "INTEGER", nullable: false),
                    transports = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkeys", x => x.credential_id);
                });

            migrationBuilder.CreateTable(
                name: "pauses",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    channel_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    note = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_by = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pauses", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payment_slips",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    file_name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    file_key = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    line_count = table.Column<int>(type: "INTEGER", nullable: false),
                    collected = table.Column<long>(type: "INTEGER", nullable: false),
                    fees = table.Column<long>(type: "INTEGER", nullable: false),
                    return_fees = table.Column<long>(type: "INTEGER", nullable: false),
                    net = table.Column<long>(type: "INTEGER", nullable: false),
                    file_total = table.Column<long>(type: "INTEGER", nullable: true),
                    received = table.Column<long>(type: "INTEGER", nullable: false),
                    sum_reason = table.Column<string>(type: "TEXT", nullable: true),
                    applied_at = table.Column<long>(type: "INTEGER", nullable: false),
                    applied_by = table.Column<Guid>(type: "TEXT", nullable: false),
                    undone_at = table.Column<long>(type: "INTEGER", nullable: true),
                    undone_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payment_slips", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    invoice_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    checkout_id = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    is_live = table.Column<bool>(type: "INTEGER", nullable: false),
                    method = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    page_url = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    paid_at = table.Column<long>(type: "INTEGER", nullable: true),
                    credited_at = table.Column<long>(type: "INTEGER", nullable: true),
                    trouble = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "person_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    request_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    person = table.Column<string>(type: "TEXT", nullable: true),
                    is_without_pages = table.Column<bool>(type: "INTEGER", nullable: false),
                    issued_at = table.Column<long>(type: "INTEGER", nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_person_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plan_reminders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    about = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    mark = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_reminders", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    name_ar = table.Column<string>(type: "TEXT", nullable: false),
                    other_names = table.Column<string>(type: "TEXT", nullable: false),
                    description = table.Column<string>(type: "TEXT", nullable: false),
                    price = table.Column<long>(type: "INTEGER", nullable: false),
                    floor_price = table.Column<long>(type: "INTEGER", nullable: true),
                    active = table.Column<bool>(type: "INTEGER", nullable: false),
                    agent_notes = table.Column<string>(type: "TEXT", nullable: false),
                    search = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_products", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "proposals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    turn_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    photos = table.Column<string>(type: "TEXT", nullable: true),
                    seq = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    decided_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_proposals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "recovery_codes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    start = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                    used_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recovery_codes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rescue_settings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    writes_alone = table.Column<bool>(type: "INTEGER", nullable: false),
                    silent_after_hours = table.Column<int>(type: "INTEGER", nullable: false),
                    remind_after_days = table.Column<int>(type: "INTEGER", nullable: false),
                    desk_keeps_days = table.Column<int>(type: "INTEGER", nullable: false),
                    wakes_at_hour = table.Column<int>(type: "INTEGER", nullable: false),
                    sleeps_at_hour = table.Column<int>(type: "INTEGER", nullable: false),
                    tells_delivery = table.Column<bool>(type: "INTEGER", nullable: false),
                    attempt_template = table.Column<string>(type: "TEXT", nullable: false),
                    desk_template = table.Column<string>(type: "TEXT", nullable: false),
                    reminder_template = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rescue_settings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rescue_steps",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    rescue_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    what = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    from = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rescue_steps", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rescues",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    open_parcel_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    customer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state_at = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    raw_reason = table.Column<string>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    at_stake = table.Column<long>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    asked_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    asked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reminded_at = table.Column<long>(type: "INTEGER", nullable: true),
                    needs = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    to_type = table.Column<string>(type: "TEXT", nullable: true),
                    came_to_aperson = table.Column<bool>(type: "INTEGER", nullable: false),
                    answer = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    new_day = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    new_phone = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    new_address = table.Column<string>(type: "TEXT", nullable: true),
                    new_commune_code = table.Column<int>(type: "INTEGER", nullable: true),
                    new_desk_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    takes_from_desk = table.Column<bool>(type: "INTEGER", nullable: false),
                    written_at = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    is_saved = table.Column<bool>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rescues", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "second_steps",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    secret = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_step = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_second_steps", x => x.account_id);
                });

            migrationBuilder.CreateTable(
                name: "sheet_connections",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    service_account = table.Column<string>(type: "TEXT", nullable: true),
                    spreadsheet = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    title = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    trouble = table.Column<string>(type: "TEXT", nullable: true),
                    trouble_at = table.Column<long>(type: "INTEGER", nullable: true),
                    connected_at = table.Column<long>(type: "INTEGER", nullable: true),
                    tabs_json = table.Column<string>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    orders_tab = table.Column<int>(type: "INTEGER", nullable: true),
                    orders_title = table.Column<string>(type: "TEXT", nullable: false),
                    columns_json = table.Column<string>(type: "TEXT", nullable: false),
                    mirrors_leads = table.Column<bool>(type: "INTEGER", nullable: false),
                    leads_tab = table.Column<int>(type: "INTEGER", nullable: true),
                    leads_title = table.Column<string>(type: "TEXT", nullable: false),
                    lead_columns_json = table.Column<string>(type: "TEXT", nullable: false),
                    reads_back = table.Column<bool>(type: "INTEGER", nullable: false),
                    source_tab = table.Column<int>(type: "INTEGER", nullable: true),
                    source_title = table.Column<string>(type: "TEXT", nullable: false),
                    source_columns_json = table.Column<string>(type: "TEXT", nullable: false),
                    source_skips_next = table.Column<bool>(type: "INTEGER", nullable: false),
                    source_template = table.Column<string>(type: "TEXT", nullable: false),
                    last_written_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_read_at = table.Column<long>(type: "INTEGER", nullable: true),
                    compared_at = table.Column<long>(type: "INTEGER", nullable: true),
                    writing_at = table.Column<long>(type: "INTEGER", nullable: true),
                    writing = table.Column<string>(type: "TEXT", nullable: true),
                    resync_asked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_connections", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sheet_intakes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    content = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    row = table.Column<int>(type: "INTEGER", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    trouble = table.Column<string>(type: "TEXT", nullable: true),
                    field = table.Column<string>(type: "TEXT", nullable: true),
                    is_asked = table.Column<bool>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_intakes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sheet_remarks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    count = table.Column<int>(type: "INTEGER", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_remarks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sheet_rows",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    connection_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    lead_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    wanted = table.Column<int>(type: "INTEGER", nullable: false),
                    written = table.Column<int>(type: "INTEGER", nullable: false),
                    is_gone = table.Column<bool>(type: "INTEGER", nullable: false),
                    hash = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    state_hash = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    note_hash = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_rows", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ship_batches",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    rows = table.Column<string>(type: "TEXT", nullable: false),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ship_batches", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sign_ins",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    device = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    seen_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_ins", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "slip_formats",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    head = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    columns = table.Column<string>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_slip_formats", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "slip_looks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    looked_by = table.Column<Guid>(type: "TEXT", nullable: false),
                    file_name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    file_hash = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    sheet = table.Column<string>(type: "TEXT", nullable: false),
                    columns = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    slip_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_slip_looks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "subscription_moves",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    from = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    to = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    actor_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    cause = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscription_moves", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "subscriptions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    plan = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    cycle = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    from_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    to_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    credit = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_subscriptions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "turns",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    conversation_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    answered_up_to = table.Column<int>(type: "INTEGER", nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: false),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    steps = table.Column<int>(type: "INTEGER", nullable: false),
                    input_tokens = table.Column<int>(type: "INTEGER", nullable: false),
                    cache_read_tokens = table.Column<int>(type: "INTEGER", nullable: false),
                    cache_write_tokens = table.Column<int>(type: "INTEGER", nullable: false),
                    output_tokens = table.Column<int>(type: "INTEGER", nullable: false),
                    cost_micro_dollars = table.Column<long>(type: "INTEGER", nullable: false),
                    why = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_turns", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "usage_marks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    month_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    conversation = table.Column<Guid>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_marks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workspaces",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    slug = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: true),
                    needs_second_step = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    delete_asked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_workspaces", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "attachments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    message_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    media_id = table.Column<string>(type: "TEXT", nullable: true),
                    hash = table.Column<string>(type: "TEXT", nullable: true),
                    url = table.Column<string>(type: "TEXT", nullable: true),
                    file = table.Column<string>(type: "TEXT", nullable: true),
                    media_type = table.Column<string>(type: "TEXT", nullable: true),
                    bytes = table.Column<long>(type: "INTEGER", nullable: true),
                    trouble = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attachments", x => x.id);
                    table.ForeignKey(
                        name: "fk_attachments_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "order_lines",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    order_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    product_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    variant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    variant_label = table.Column<string>(type: "TEXT", nullable: false),
                    quantity = table.Column<int>(type: "INTEGER", nullable: false),
                    list_price = table.Column<long>(type: "INTEGER", nullable: false),
                    unit_price = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_lines", x => x.id);
                    table.ForeignKey(
                        name: "fk_order_lines_orders_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "slip_lines",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    slip_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    line = table.Column<int>(type: "INTEGER", nullable: false),
                    tracking = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    parcel_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    collected = table.Column<long>(type: "INTEGER", nullable: true),
                    fee = table.Column<long>(type: "INTEGER", nullable: true),
                    return_fee = table.Column<long>(type: "INTEGER", nullable: true),
                    net = table.Column<long>(type: "INTEGER", nullable: false),
                    finding = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    expected = table.Column<long>(type: "INTEGER", nullable: false),
                    difference = table.Column<long>(type: "INTEGER", nullable: false),
                    before = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    after = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    received_before = table.Column<long>(type: "INTEGER", nullable: false),
                    received_after = table.Column<long>(type: "INTEGER", nullable: false),
                    earlier_line_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    resolution = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    resolved_at = table.Column<long>(type: "INTEGER", nullable: true),
                    resolved_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_slip_lines", x => x.id);
                    table.ForeignKey(
                        name: "fk_slip_lines_payment_slips_slip_id",
                        column: x => x.slip_id,
                        principalTable: "payment_slips",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "photos",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    product_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    file = table.Column<string>(type: "TEXT", nullable: false),
                    media_type = table.Column<string>(type: "TEXT", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_photos", x => x.id);
                    table.ForeignKey(
                        name: "fk_photos_products_product_id",
                        column: x => x.product_id,
                        principalTable: "products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "variants",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    workspace_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    product_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sku = table.Column<string>(type: "TEXT", nullable: false),
                    options = table.Column<string>(type: "TEXT", nullable: false),
                    price = table.Column<long>(type: "INTEGER", nullable: true),
                    stock = table.Column<int>(type: "INTEGER", nullable: true),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_variants", x => x.id);
                    table.ForeignKey(
                        name: "fk_variants_products_product_id",
                        column: x => x.product_id,
                        principalTable: "products",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_account_entries_account_id_id",
                table: "account_entries",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_account_links_account_id_created_at",
                table: "account_links",
                columns: new[] { "account_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_account_links_expires_at",
                table: "account_links",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_account_routes_account",
                table: "account_routes",
                column: "account");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_normalized_email",
                table: "accounts",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_agent_settings_workspace_id",
                table: "agent_settings",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_workspace_id_created_at",
                table: "api_keys",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_api_replays_api_key_id_route_key",
                table: "api_replays",
                columns: new[] { "api_key_id", "route", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_replays_workspace_id_at",
                table: "api_replays",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_attachments_message_id",
                table: "attachments",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_workspace_id_id",
                table: "audit_entries",
                columns: new[] { "workspace_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_call_budgets_workspace_id",
                table: "call_budgets",
                column: "workspace_id");

            migrationBuilder.CreateIndex(
                name: "ix_cash_moves_parcel_id_at",
                table: "cash_moves",
                columns: new[] { "parcel_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_cash_moves_workspace_id_at",
                table: "cash_moves",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_catalogue_imports_workspace_id_expires_at",
                table: "catalogue_imports",
                columns: new[] { "workspace_id", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "ix_channels_workspace_id_kind_external_id",
                table: "channels",
                columns: new[] { "workspace_id", "kind", "external_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_claim_steps_claim_id_at",
                table: "claim_steps",
                columns: new[] { "claim_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_claims_line_id",
                table: "claims",
                column: "line_id");

            migrationBuilder.CreateIndex(
                name: "ix_claims_parcel_id",
                table: "claims",
                column: "parcel_id");

            migrationBuilder.CreateIndex(
                name: "ix_claims_workspace_id_state_opened_at",
                table: "claims",
                columns: new[] { "workspace_id", "state", "opened_at" });

            migrationBuilder.CreateIndex(
                name: "ix_comments_channel_id_channel_comment_id",
                table: "comments",
                columns: new[] { "channel_id", "channel_comment_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_comments_workspace_id_at",
                table: "comments",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_connect_attempts_workspace_id_key_hash",
                table: "connect_attempts",
                columns: new[] { "workspace_id", "key_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_consent_notices_customer_id",
                table: "consent_notices",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_consent_notices_message_id",
                table: "consent_notices",
                column: "message_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_controls_workspace_id",
                table: "controls",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_conversations_channel_id_customer_id",
                table: "conversations",
                columns: new[] { "channel_id", "customer_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_conversations_due_at",
                table: "conversations",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_workspace_id_created_at",
                table: "conversations",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_workspace_id_customer_id",
                table: "conversations",
                columns: new[] { "workspace_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_workspace_id_first_unanswered_at",
                table: "conversations",
                columns: new[] { "workspace_id", "first_unanswered_at" },
                filter: "first_unanswered_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_workspace_id_held_by_last_message_at",
                table: "conversations",
                columns: new[] { "workspace_id", "held_by", "last_message_at" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_workspace_id_last_message_at",
                table: "conversations",
                columns: new[] { "workspace_id", "last_message_at" });

            migrationBuilder.CreateIndex(
                name: "unread_conversations",
                table: "conversations",
                columns: new[] { "workspace_id", "last_message_at" },
                filter: "unread > 0");

            migrationBuilder.CreateIndex(
                name: "ix_courier_accounts_channel_key",
                table: "courier_accounts",
                column: "channel_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_courier_accounts_workspace_id",
                table: "courier_accounts",
                column: "workspace_id");

            migrationBuilder.CreateIndex(
                name: "ix_courier_fees_account_id_wilaya_ref_commune_ref",
                table: "courier_fees",
                columns: new[] { "account_id", "wilaya_ref", "commune_ref" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_courier_places_account_id_kind_commune_code",
                table: "courier_places",
                columns: new[] { "account_id", "kind", "commune_code" });

            migrationBuilder.CreateIndex(
                name: "ix_courier_places_account_id_kind_wilaya_ref_ref",
                table: "courier_places",
                columns: new[] { "account_id", "kind", "wilaya_ref", "ref" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_courier_rules_workspace_id_position",
                table: "courier_rules",
                columns: new[] { "workspace_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_courier_terms_account_id",
                table: "courier_terms",
                column: "account_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_credit_entries_payment_id",
                table: "credit_entries",
                column: "payment_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_credit_entries_workspace_id_at",
                table: "credit_entries",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_customer_handles_channel_id_handle",
                table: "customer_handles",
                columns: new[] { "channel_id", "handle" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_customer_handles_customer_id",
                table: "customer_handles",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_customers_workspace_id_created_at",
                table: "customers",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_delivery_fees_workspace_id_wilaya_code_commune_code",
                table: "delivery_fees",
                columns: new[] { "workspace_id", "wilaya_code", "commune_code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_delivery_notices_parcel_id_day",
                table: "delivery_notices",
                columns: new[] { "parcel_id", "day" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_delivery_policies_workspace_id",
                table: "delivery_policies",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_desks_workspace_id_wilaya_code",
                table: "desks",
                columns: new[] { "workspace_id", "wilaya_code" });

            migrationBuilder.CreateIndex(
                name: "ix_early_words_at",
                table: "early_words",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_early_words_channel_id_channel_message_id_kind",
                table: "early_words",
                columns: new[] { "channel_id", "channel_message_id", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_early_words_conversation_id",
                table: "early_words",
                column: "conversation_id");

            migrationBuilder.CreateIndex(
                name: "ix_evening_wishes_workspace_id_account_id",
                table: "evening_wishes",
                columns: new[] { "workspace_id", "account_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_exchanges_new_order_id",
                table: "exchanges",
                column: "new_order_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_exchanges_order_id",
                table: "exchanges",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "ix_exchanges_workspace_id_taken_back_at",
                table: "exchanges",
                columns: new[] { "workspace_id", "taken_back_at" });

            migrationBuilder.CreateIndex(
                name: "ix_exports_state_expires_at",
                table: "exports",
                columns: new[] { "state", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "ix_exports_workspace_id_asked_at",
                table: "exports",
                columns: new[] { "workspace_id", "asked_at" });

            migrationBuilder.CreateIndex(
                name: "ix_failed_tries_since",
                table: "failed_tries",
                column: "since");

            migrationBuilder.CreateIndex(
                name: "ix_figure_marks_workspace_id",
                table: "figure_marks",
                column: "workspace_id");

            migrationBuilder.CreateIndex(
                name: "ix_figures_workspace_id_span_cut_on_key",
                table: "figures",
                columns: new[] { "workspace_id", "span", "cut", "on", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_figures_workspace_id_span_on",
                table: "figures",
                columns: new[] { "workspace_id", "span", "on" });

            migrationBuilder.CreateIndex(
                name: "ix_hook_deliveries_endpoint_id_at",
                table: "hook_deliveries",
                columns: new[] { "endpoint_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_hook_deliveries_workspace_id_subject_event",
                table: "hook_deliveries",
                columns: new[] { "workspace_id", "subject", "event" });

            migrationBuilder.CreateIndex(
                name: "ix_hook_endpoints_workspace_id",
                table: "hook_endpoints",
                column: "workspace_id");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_attempts_id",
                table: "inbound_events",
                columns: new[] { "attempts", "id" },
                filter: "state = 'Unread'");

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_key",
                table: "inbound_events",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_inbound_events_state_received_at",
                table: "inbound_events",
                columns: new[] { "state", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_invitations_workspace_id_normalized_email",
                table: "invitations",
                columns: new[] { "workspace_id", "normalized_email" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoices_number",
                table: "invoices",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoices_workspace_id_state",
                table: "invoices",
                columns: new[] { "workspace_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_lane_order_key_state",
                table: "jobs",
                columns: new[] { "lane", "order_key", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_lane_state_due_at",
                table: "jobs",
                columns: new[] { "lane", "state", "due_at" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_state_due_at",
                table: "jobs",
                columns: new[] { "state", "due_at" });

            migrationBuilder.CreateIndex(
                name: "ix_jobs_workspace_id_state",
                table: "jobs",
                columns: new[] { "workspace_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_label_prints_workspace_id_created_at",
                table: "label_prints",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_label_readings_workspace_id_courier_label",
                table: "label_readings",
                columns: new[] { "workspace_id", "courier", "label" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_leads_comment_id",
                table: "leads",
                column: "comment_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_leads_conversation_id",
                table: "leads",
                column: "conversation_id");

            migrationBuilder.CreateIndex(
                name: "ix_leads_customer_id",
                table: "leads",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_leads_order_id",
                table: "leads",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "ix_leads_workspace_id_at",
                table: "leads",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_leads_workspace_id_converted_at",
                table: "leads",
                columns: new[] { "workspace_id", "converted_at" });

            migrationBuilder.CreateIndex(
                name: "ix_member_commissions_workspace_id_account_id",
                table: "member_commissions",
                columns: new[] { "workspace_id", "account_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_members_account_id_workspace_id",
                table: "members",
                columns: new[] { "account_id", "workspace_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_members_workspace_id",
                table: "members",
                column: "workspace_id");

            migrationBuilder.CreateIndex(
                name: "ix_messages_channel_id_channel_message_id",
                table: "messages",
                columns: new[] { "channel_id", "channel_message_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_seq",
                table: "messages",
                columns: new[] { "conversation_id", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_number_settings_workspace_id",
                table: "number_settings",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_opt_outs_customer_id_at",
                table: "opt_outs",
                columns: new[] { "customer_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_opt_outs_workspace_id_at",
                table: "opt_outs",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_order_counters_workspace_id",
                table: "order_counters",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_order_lines_order_id",
                table: "order_lines",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "ix_order_moves_order_id_at",
                table: "order_moves",
                columns: new[] { "order_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_order_settings_workspace_id",
                table: "order_settings",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_orders_change_of",
                table: "orders",
                column: "change_of");

            migrationBuilder.CreateIndex(
                name: "ix_orders_conversation_id",
                table: "orders",
                column: "conversation_id");

            migrationBuilder.CreateIndex(
                name: "ix_orders_workspace_id_confirmed_at",
                table: "orders",
                columns: new[] { "workspace_id", "confirmed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_workspace_id_created_at",
                table: "orders",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_workspace_id_customer_id_number",
                table: "orders",
                columns: new[] { "workspace_id", "customer_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_workspace_id_number",
                table: "orders",
                columns: new[] { "workspace_id", "number" },
                unique: true,
                filter: "number > 0");

            migrationBuilder.CreateIndex(
                name: "ix_orders_workspace_id_phone_created_at",
                table: "orders",
                columns: new[] { "workspace_id", "phone", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_workspace_id_state_created_at",
                table: "orders",
                columns: new[] { "workspace_id", "state", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_parcel_cash_account_id_announced",
                table: "parcel_cash",
                columns: new[] { "account_id", "announced" });

            migrationBuilder.CreateIndex(
                name: "ix_parcel_cash_parcel_id",
                table: "parcel_cash",
                column: "parcel_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parcel_events_parcel_id_at",
                table: "parcel_events",
                columns: new[] { "parcel_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_parcel_events_parcel_id_key",
                table: "parcel_events",
                columns: new[] { "parcel_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parcel_settings_workspace_id",
                table: "parcel_settings",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parcels_account_id_reference",
                table: "parcels",
                columns: new[] { "account_id", "reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parcels_account_id_tracking",
                table: "parcels",
                columns: new[] { "account_id", "tracking" });

            migrationBuilder.CreateIndex(
                name: "ix_parcels_public_key",
                table: "parcels",
                column: "public_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parcels_workspace_id_cash_state_state",
                table: "parcels",
                columns: new[] { "workspace_id", "cash_state", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_parcels_workspace_id_order_id_sequence",
                table: "parcels",
                columns: new[] { "workspace_id", "order_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parcels_workspace_id_state_state_at",
                table: "parcels",
                columns: new[] { "workspace_id", "state", "state_at" });

            migrationBuilder.CreateIndex(
                name: "ix_parcels_workspace_id_trouble",
                table: "parcels",
                columns: new[] { "workspace_id", "trouble" });

            migrationBuilder.CreateIndex(
                name: "ix_passkeys_account_id",
                table: "passkeys",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_pauses_workspace_id_at",
                table: "pauses",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "running_pauses",
                table: "pauses",
                column: "workspace_id",
                filter: "ended_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_payment_slips_account_id_file_key",
                table: "payment_slips",
                columns: new[] { "account_id", "file_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payment_slips_workspace_id_applied_at",
                table: "payment_slips",
                columns: new[] { "workspace_id", "applied_at" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_checkout_id",
                table: "payments",
                column: "checkout_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payments_invoice_id",
                table: "payments",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_payments_workspace_id_started_at",
                table: "payments",
                columns: new[] { "workspace_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_person_requests_code",
                table: "person_requests",
                column: "code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_person_requests_request_hash",
                table: "person_requests",
                column: "request_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_photos_product_id",
                table: "photos",
                column: "product_id");

            migrationBuilder.CreateIndex(
                name: "ix_plan_reminders_workspace_id_about_mark",
                table: "plan_reminders",
                columns: new[] { "workspace_id", "about", "mark" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_workspace_id_created_at",
                table: "products",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_proposals_conversation_id_state",
                table: "proposals",
                columns: new[] { "conversation_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_proposals_turn_id",
                table: "proposals",
                column: "turn_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_recovery_codes_account_id_start",
                table: "recovery_codes",
                columns: new[] { "account_id", "start" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_rescue_settings_workspace_id",
                table: "rescue_settings",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_rescue_steps_rescue_id_at",
                table: "rescue_steps",
                columns: new[] { "rescue_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_rescues_open_parcel_id",
                table: "rescues",
                column: "open_parcel_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_rescues_parcel_id",
                table: "rescues",
                column: "parcel_id");

            migrationBuilder.CreateIndex(
                name: "ix_rescues_workspace_id_customer_id",
                table: "rescues",
                columns: new[] { "workspace_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_rescues_workspace_id_finished_at",
                table: "rescues",
                columns: new[] { "workspace_id", "finished_at" });

            migrationBuilder.CreateIndex(
                name: "ix_rescues_workspace_id_state_due_at",
                table: "rescues",
                columns: new[] { "workspace_id", "state", "due_at" });

            migrationBuilder.CreateIndex(
                name: "ix_sheet_connections_workspace_id",
                table: "sheet_connections",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sheet_intakes_connection_id_key",
                table: "sheet_intakes",
                columns: new[] { "connection_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sheet_intakes_order_id",
                table: "sheet_intakes",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "ix_sheet_remarks_connection_id_at",
                table: "sheet_remarks",
                columns: new[] { "connection_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_sheet_rows_connection_id_lead_id",
                table: "sheet_rows",
                columns: new[] { "connection_id", "lead_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sheet_rows_connection_id_order_id",
                table: "sheet_rows",
                columns: new[] { "connection_id", "order_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ship_batches_workspace_id_created_at",
                table: "ship_batches",
                columns: new[] { "workspace_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_sign_ins_account_id",
                table: "sign_ins",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_sign_ins_key_hash",
                table: "sign_ins",
                column: "key_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sign_ins_seen_at",
                table: "sign_ins",
                column: "seen_at");

            migrationBuilder.CreateIndex(
                name: "ix_slip_formats_account_id_head",
                table: "slip_formats",
                columns: new[] { "account_id", "head" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_slip_lines_earlier_line_id",
                table: "slip_lines",
                column: "earlier_line_id");

            migrationBuilder.CreateIndex(
                name: "ix_slip_lines_parcel_id",
                table: "slip_lines",
                column: "parcel_id");

            migrationBuilder.CreateIndex(
                name: "ix_slip_lines_slip_id_line",
                table: "slip_lines",
                columns: new[] { "slip_id", "line" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_slip_looks_workspace_id_expires_at",
                table: "slip_looks",
                columns: new[] { "workspace_id", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "ix_subscription_moves_workspace_id_at",
                table: "subscription_moves",
                columns: new[] { "workspace_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_workspace_id",
                table: "subscriptions",
                column: "workspace_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_turns_conversation_id_answered_up_to",
                table: "turns",
                columns: new[] { "conversation_id", "answered_up_to" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_turns_workspace_id_ended_at",
                table: "turns",
                columns: new[] { "workspace_id", "ended_at" });

            migrationBuilder.CreateIndex(
                name: "ix_usage_marks_workspace_id_month_on_conversation",
                table: "usage_marks",
                columns: new[] { "workspace_id", "month_on", "conversation" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_variants_product_id",
                table: "variants",
                column: "product_id");

            migrationBuilder.CreateIndex(
                name: "ix_variants_workspace_id_sku",
                table: "variants",
                columns: new[] { "workspace_id", "sku" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_workspaces_slug",
                table: "workspaces",
                column: "slug",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account_claims");

            migrationBuilder.DropTable(
                name: "account_entries");

            migrationBuilder.DropTable(
                name: "account_links");

            migrationBuilder.DropTable(
                name: "account_logins");

            migrationBuilder.DropTable(
                name: "account_routes");

            migrationBuilder.DropTable(
                name: "account_tokens");

            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "agent_settings");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "api_replays");

            migrationBuilder.DropTable(
                name: "attachments");

            migrationBuilder.DropTable(
                name: "audit_entries");

            migrationBuilder.DropTable(
                name: "call_budgets");

            migrationBuilder.DropTable(
                name: "cash_moves");

            migrationBuilder.DropTable(
                name: "catalogue_imports");

            migrationBuilder.DropTable(
                name: "channels");

            migrationBuilder.DropTable(
                name: "claim_steps");

            migrationBuilder.DropTable(
                name: "claims");

            migrationBuilder.DropTable(
                name: "clock_runs");

            migrationBuilder.DropTable(
                name: "comments");

            migrationBuilder.DropTable(
                name: "connect_attempts");

            migrationBuilder.DropTable(
                name: "consent_notices");

            migrationBuilder.DropTable(
                name: "controls");

            migrationBuilder.DropTable(
                name: "conversations");

            migrationBuilder.DropTable(
                name: "courier_accounts");

            migrationBuilder.DropTable(
                name: "courier_fees");

            migrationBuilder.DropTable(
                name: "courier_places");

            migrationBuilder.DropTable(
                name: "courier_rules");

            migrationBuilder.DropTable(
                name: "courier_terms");

            migrationBuilder.DropTable(
                name: "credit_entries");

            migrationBuilder.DropTable(
                name: "customer_handles");

            migrationBuilder.DropTable(
                name: "customers");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "deletions");

            migrationBuilder.DropTable(
                name: "delivery_fees");

            migrationBuilder.DropTable(
                name: "delivery_notices");

            migrationBuilder.DropTable(
                name: "delivery_policies");

            migrationBuilder.DropTable(
                name: "desks");

            migrationBuilder.DropTable(
                name: "early_words");

            migrationBuilder.DropTable(
                name: "evening_wishes");

            migrationBuilder.DropTable(
                name: "exchanges");

            migrationBuilder.DropTable(
                name: "exports");

            migrationBuilder.DropTable(
                name: "failed_tries");

            migrationBuilder.DropTable(
                name: "figure_marks");

            migrationBuilder.DropTable(
                name: "figures");

            migrationBuilder.DropTable(
                name: "hook_deliveries");

            migrationBuilder.DropTable(
                name: "hook_endpoints");

            migrationBuilder.DropTable(
                name: "inbound_events");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "invoice_numbers");

            migrationBuilder.DropTable(
                name: "invoices");

            migrationBuilder.DropTable(
                name: "jobs");

            migrationBuilder.DropTable(
                name: "known_browsers");

            migrationBuilder.DropTable(
                name: "label_prints");

            migrationBuilder.DropTable(
                name: "label_readings");

            migrationBuilder.DropTable(
                name: "leads");

            migrationBuilder.DropTable(
                name: "member_commissions");

            migrationBuilder.DropTable(
                name: "members");

            migrationBuilder.DropTable(
                name: "number_settings");

            migrationBuilder.DropTable(
                name: "opt_outs");

            migrationBuilder.DropTable(
                name: "order_counters");

            migrationBuilder.DropTable(
                name: "order_lines");

            migrationBuilder.DropTable(
                name: "order_moves");

            migrationBuilder.DropTable(
                name: "order_settings");

            migrationBuilder.DropTable(
                name: "parcel_cash");

            migrationBuilder.DropTable(
                name: "parcel_events");

            migrationBuilder.DropTable(
                name: "parcel_settings");

            migrationBuilder.DropTable(
                name: "parcels");

            migrationBuilder.DropTable(
                name: "passkeys");

            migrationBuilder.DropTable(
                name: "pauses");

            migrationBuilder.DropTable(
                name: "payments");

            migrationBuilder.DropTable(
                name: "person_requests");

            migrationBuilder.DropTable(
                name: "photos");

            migrationBuilder.DropTable(
                name: "plan_reminders");

            migrationBuilder.DropTable(
                name: "proposals");

            migrationBuilder.DropTable(
                name: "recovery_codes");

            migrationBuilder.DropTable(
                name: "rescue_settings");

            migrationBuilder.DropTable(
                name: "rescue_steps");

            migrationBuilder.DropTable(
                name: "rescues");

            migrationBuilder.DropTable(
                name: "second_steps");

            migrationBuilder.DropTable(
                name: "sheet_connections");

            migrationBuilder.DropTable(
                name: "sheet_intakes");

            migrationBuilder.DropTable(
                name: "sheet_remarks");

            migrationBuilder.DropTable(
                name: "sheet_rows");

            migrationBuilder.DropTable(
                name: "ship_batches");

            migrationBuilder.DropTable(
                name: "sign_ins");

            migrationBuilder.DropTable(
                name: "slip_formats");

            migrationBuilder.DropTable(
                name: "slip_lines");

            migrationBuilder.DropTable(
                name: "slip_looks");

            migrationBuilder.DropTable(
                name: "subscription_moves");

            migrationBuilder.DropTable(
                name: "subscriptions");

            migrationBuilder.DropTable(
                name: "turns");

            migrationBuilder.DropTable(
                name: "usage_marks");

            migrationBuilder.DropTable(
                name: "variants");

            migrationBuilder.DropTable(
                name: "workspaces");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "orders");

            migrationBuilder.DropTable(
                name: "payment_slips");

            migrationBuilder.DropTable(
                name: "products");
        }
    }
}
