package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file that pages load. Its name has a hash of it, so that browsers may keep it.
type asset struct {
	name string // with the hash
	text []byte
}

// assets are all of them, by their names without the hash.
var assets = readAssets()

func readAssets() map[string]asset {
	found := make(map[string]asset)
	names, err := fs.Glob(assetFiles, "assets/*")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("reading the assets of the console: %v", err)) // they are part of the program
	}
	for _, name := range names {
		text, err := assetFiles.ReadFile(name)
		if err != nil {
			panic(fmt.Sprintf("reading the assets of the console: %v", err)) // they are part of the program
		}
		sum := sha256.Sum256(text)
		base, extension := path.Base(name), path.Ext(name)
		found[base] = asset{strings.TrimSuffix(base, extension) + "-" + hex.EncodeToString(sum[:6]) + extension, text}
	}
	return found
}

// assetHandler serves the assets by their names with the hash.
func assetHandler() http.Handler {
	byName := make(map[string]asset)
	for _, a := range assets {
		byName[a.name] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byName[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.text))
	})
}
