// The account of the path, the form's To, and the longest prefix in its table.
import querystring from 'querystring';

const allowed = {'{{.Account}}': {'1': true}};
const headers = {
{{- range .Headers}}
	'{{.Name}}': '{{.Value}}',
{{- end}}
};

function permitted(r, to) {
	const path = r.uri.match(/^\/2010-04-01\/Accounts\/(AC[0-9a-f]+)\/Messages\.json$/);
	const set = path && allowed[path[1]];
	if (!set || typeof to !== 'string' || to[0] !== '+') return false;
	for (let last = to.length; last > 1; last--) {
		if (set[to.substring(1, last)]) return true;
	}
	return false;
}

function decide(r) {
	const to = querystring.parse(r.requestText || '').To;
	if (permitted(r, to)) {
		r.internalRedirect('@carrier');
		return;
	}
	for (let name in headers) r.headersOut[name] = headers[name];
	r.return(400, '{"code": 21408, "message": "{{.RefusalQuoted}}' + to +
		'", "more_info": "{{.MoreInfo}}", "status": 400}');
}

export default {decide};
