module nerdx/caddy

go 1.26

require (
	github.com/caddyserver/caddy/v2 v2.11.9
	github.com/mholt/caddy-ratelimit v0.1.0
)
