package routecheck

import (
	"reflect"
	"strings"
)

// deepest is how far settings are looked into. None of Caddy's are as deep.
const deepest = 12

// texts returns every text in the settings of a module, keys of maps included. Fields
// that are not settings are left out, and so is what was never stated.
func texts(settings any) (found []string) {
	var look func(v reflect.Value, depth int)
	look = func(v reflect.Value, depth int) {
		if depth > deepest {
			return
		}
		switch v.Kind() {
		case reflect.String:
			if v.Len() > 0 {
				found = append(found, v.String())
			}
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				look(v.Elem(), depth+1)
			}
		case reflect.Slice, reflect.Array:
			if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
				found = append(found, string(v.Bytes()))
				return
			}
			for i := range v.Len() {
				look(v.Index(i), depth+1)
			}
		case reflect.Map:
			for key, value := range v.Seq2() {
				look(key, depth+1)
				look(value, depth+1)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				field := v.Type().Field(i)
				tag := field.Tag.Get("json")
				if field.IsExported() && (!strings.HasPrefix(tag, "-") || field.Name == "MatcherSets") {
					look(v.Field(i), depth+1)
				}
			}
		}
	}
	look(reflect.ValueOf(settings), 0)
	return found
}
