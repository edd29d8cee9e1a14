//go:build linux

package main

// system is one way to do the task.
type system struct {
	name string
	// program is what runs the configuration: stock, gate, nginx or haproxy.
	program string
	// config is the file below testdata/servers, and files are those beside it.
	config string
	files  []string
	// environment is added to that of the process.
	environment []string
	// forward is what forwards behind the gate: tollgate_forward, or a reverse_proxy with
	// the transport of this name; empty for that of Caddy.
	forward string
	// modules of nginx that must be there, each with its Debian package.
	modules map[string]string
	// authorizer: it asks a process of its own, and decides by the account alone.
	authorizer bool
	// decides reports whether it refuses; without it, it does the same to every request.
	decides bool
}

// The systems, by the names that the tables have. A row more is a line here, and its name
// in a scenario.
var systems = []*system{
	{name: "Caddy", program: "stock", config: "stock.caddyfile"},
	{name: "Caddy again", program: "stock", config: "stock.caddyfile"},
	{name: "Caddy without options", program: "stock", config: "bare.caddyfile"},
	{name: "respond", program: "stock", config: "respond.caddyfile"},
	{name: "respond again", program: "stock", config: "respond.caddyfile"},
	{name: "respond, 4 headers", program: "stock", config: "respond4.caddyfile"},
	{name: "Tollgate", program: "gate", config: "gate.caddyfile", forward: "tollgate_forward", decides: true},
	{name: "Tollgate, GOGC=100", program: "gate", config: "gate.caddyfile", forward: "tollgate_forward",
		environment: []string{"GOGC=100"}, decides: true},
	{name: "Tollgate, transport tollgate, GOGC=100", program: "gate", config: "gate.caddyfile", forward: "tollgate",
		environment: []string{"GOGC=100"}, decides: true},
	{name: "Tollgate, reverse_proxy, GOGC=100", program: "gate", config: "gate.caddyfile",
		environment: []string{"GOGC=100"}, decides: true},
	{name: "Caddy forward_auth", program: "stock", config: "forward_auth.caddyfile", authorizer: true, decides: true},
	{name: "nginx", program: "nginx", config: "bare.nginx"},
	{name: "nginx + Lua", program: "nginx", config: "lua.nginx", decides: true,
		modules: map[string]string{"ngx_http_lua_module.so": "libnginx-mod-http-lua"}},
	{name: "nginx + njs", program: "nginx", config: "njs.nginx", files: []string{"decide.js"}, decides: true,
		modules: map[string]string{"ngx_http_js_module.so": "libnginx-mod-http-js"}},
	{name: "HAProxy", program: "haproxy", config: "bare.haproxy"},
	{name: "HAProxy + map", program: "haproxy", config: "map.haproxy", files: []string{"permitted.map"}, decides: true},
}

// systemOf finds a system by its name.
func systemOf(name string) *system {
	for _, s := range systems {
		if s.name == name {
			return s
		}
	}
	panic("no system has the name " + name)
}
