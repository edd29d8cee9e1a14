package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// writeMethods are the library's functions that send a request other than GET.
var writeMethods = map[string]string{"Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE"}

// extractGo reads all packages of the library for Go below a folder.
func extractGo(folder string) (writes []write, err error) {
	var unnamed error
	err = eachPackage(folder, func(p *pack, files []*ast.File) {
		for _, file := range files {
			for _, declaration := range file.Decls {
				function, ok := declaration.(*ast.FuncDecl)
				if !ok || function.Recv == nil || function.Body == nil {
					continue
				}
				if w, ok := p.operation(function); ok {
					if p.product == "" {
						unnamed = fmt.Errorf("%s: writes without a base URL", w.path)
					}
					w.product = p.product
					writes = append(writes, w)
				}
			}
		}
	})
	return writes, cmp.Or(err, unnamed)
}

// eachPackage reads the packages below a folder: each is one product in one version.
func eachPackage(folder string, visit func(p *pack, files []*ast.File)) error {
	return filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		p, files, err := readPackage(path)
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		visit(p, files)
		return nil
	})
}

// readPackage reads the Go files in one folder.
func readPackage(folder string) (*pack, []*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, nil, err
	}
	p := &pack{types: map[string]ast.Expr{}}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file)
		p.collect(file)
	}
	return p, files, nil
}

// pack is what one package has besides its operations.
type pack struct {
	product string
	types   map[string]ast.Expr
}

// collect records the types of a file, and the product in its base URL.
func (p *pack) collect(file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.TypeSpec:
			p.types[node.Name.Name] = node.Type
		case *ast.KeyValueExpr:
			if key, ok := node.Key.(*ast.Ident); ok && key.Name == "baseURL" {
				host := strings.TrimPrefix(text(node.Value), "https://")
				p.product = strings.TrimSuffix(host, ".twilio.com")
			}
		}
		return true
	})
}

// operation reads a method of the library, and reports whether it is a write.
func (p *pack) operation(function *ast.FuncDecl) (write, bool) {
	var w write
	ast.Inspect(function.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			if name, ok := node.Lhs[0].(*ast.Ident); ok && name.Name == "path" && node.Tok == token.DEFINE {
				w.path = text(node.Rhs[0])
			}
		case *ast.CallExpr:
			p.call(&w, node, function)
		}
		return true
	})
	return w, w.method != "" && w.path != ""
}

// call reads one call in an operation: the one that sends the request, those
// that set a parameter, and the one that writes its JSON body.
func (p *pack) call(w *write, call *ast.CallExpr, function *ast.FuncDecl) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	name := selector.Sel.Name
	switch on := selector.X.(type) {
	case *ast.SelectorExpr:
		if on.Sel.Name == "requestHandler" && writeMethods[name] != "" {
			w.method = writeMethods[name]
		}
	case *ast.Ident:
		switch {
		case on.Name == "data" && (name == "Set" || name == "Add"):
			w.parameters = append(w.parameters, text(call.Args[0]))
		case on.Name == "json" && name == "Marshal":
			if body, ok := call.Args[0].(*ast.StarExpr); ok {
				w.parameters = append(w.parameters, p.body(body.X, function)...)
			}
		}
	}
}

// body lists the members of a JSON body that is written from params.Name.
func (p *pack) body(expression ast.Expr, function *ast.FuncDecl) []string {
	selector, ok := expression.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	for _, parameter := range function.Type.Params.List {
		if !slices.ContainsFunc(parameter.Names, func(n *ast.Ident) bool { return n.Name == "params" }) {
			continue
		}
		structure, ok := p.resolve(parameter.Type).(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range structure.Fields.List {
			if len(f.Names) == 1 && f.Names[0].Name == selector.Sel.Name {
				return p.members(f.Type, "", nil)
			}
		}
	}
	return nil
}

// members lists the paths to all members of a type of the package. A value of unknown
// type has only its own name.
func (p *pack) members(kind ast.Expr, prefix string, open []*ast.StructType) []string {
	structure, ok := p.resolve(kind).(*ast.StructType)
	if !ok || slices.Contains(open, structure) {
		return nil
	}
	open = append(open, structure)
	var found []string
	for _, f := range structure.Fields.List {
		if f.Tag == nil {
			continue
		}
		_, tag, _ := strings.Cut(text(f.Tag), `json:"`)
		name, _, _ := strings.Cut(tag, `"`)
		name, _, _ = strings.Cut(name, ",")
		if name == "" || name == "-" {
			continue
		}
		found = append(found, prefix+"/"+name)
		found = append(found, p.members(f.Type, prefix+"/"+name, open)...)
	}
	return found
}

// resolve finds the type behind pointers, lists, maps and names.
func (p *pack) resolve(kind ast.Expr) ast.Expr {
	for range 16 {
		switch k := kind.(type) {
		case *ast.StarExpr:
			kind = k.X
		case *ast.ArrayType:
			kind = k.Elt
		case *ast.MapType:
			kind = k.Value
		case *ast.Ident:
			named, ok := p.types[k.Name]
			if !ok {
				return nil
			}
			kind = named
		default:
			return kind
		}
	}
	return nil
}

// text is the value of a string literal.
func text(expression ast.Expr) string {
	literal, ok := expression.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	value, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return value
}
