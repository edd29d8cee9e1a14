package console

import "net/http"

// linkField is the name of a link in the query and in the form.
const linkField = "link"

// SignInPath is that of the page below the path of the console to which links lead, with the
// link behind it.
const SignInPath = "sign-in?" + linkField + "="

// confirmSignIn asks whether to follow a link: a program that only looks at it does not use it
// up.
func confirmSignIn(v *visit) (page, error) {
	return page{template: "sign_in", title: v.text("sign_in.title"), data: v.r.URL.Query().Get(linkField)}, nil
}

// signIn begins a session.
func signIn(v *visit) (page, error) {
	session, ok := v.console.links.begin(v.r.PostForm.Get(linkField))
	if !ok {
		return page{template: "sign_in_needed", title: v.text("sign_in.title"), status: http.StatusUnauthorized, data: true}, nil
	}
	return page{location: v.console.path, cookie: v.console.cookie(v.r, session)}, nil
}

// explainSignIn says how to sign in.
func explainSignIn(v *visit) (page, error) {
	return page{template: "sign_in_needed", title: v.text("sign_in.title"), status: http.StatusUnauthorized, data: false}, nil
}

// signedIn leads a client that is known from the page that it signed in at.
func signedIn(v *visit) (page, error) { return page{location: v.console.path}, nil }

// signOut ends a session.
func signOut(v *visit) (page, error) {
	v.console.links.end(v.r)
	return page{location: v.console.path, cookie: v.console.cookie(v.r, "")}, nil
}
