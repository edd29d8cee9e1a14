package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
)

// HeadBucket is a bucket of an object store with the protocol of Amazon S3, in which each head
// is an object of its own.
type HeadBucket struct {
	// The URL of the bucket: the server, the bucket and, if wanted, what the names of objects
	// begin with, such as `https://s3.eu-central-1.amazonaws.com/acme-heads/gate-1`.
	URL string `json:"url"`

	// The ID of the access key. Without it, credentials are those of the environment
	// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`), or of the role of the machine.
	AccessKeyID string `json:"access_key_id,omitzero"`

	// The secret of the access key. Write a placeholder.
	SecretAccessKey string `json:"secret_access_key,omitzero"`

	// The region of the bucket. Default: the one in the URL, or `us-east-1`.
	Region string `json:"region,omitzero"`

	// For how long no one may delete an object: a duration. The bucket must have Object Lock.
	// Default: as the bucket states.
	Retain string `json:"retain,omitzero"`
}

// headBucket puts heads into a bucket.
type headBucket struct {
	client         *minio.Client
	bucket, prefix string
	retain         time.Duration // 0 if it is not stated
	// taken is the number of records in the head that the bucket has taken last.
	taken int64
}

// provision returns what puts heads into a bucket, nil if that is not stated.
func (b *HeadBucket) provision() (*headBucket, error) {
	if b == nil {
		return nil, nil
	}
	values := []string{b.URL, b.AccessKeyID, b.SecretAccessKey, b.Region}
	for i, value := range values {
		text, err := placeholder.Replace(value)
		if err != nil {
			return nil, fmt.Errorf("reading bucket: %w", err)
		}
		values[i] = strings.TrimSpace(text)
	}
	address, id, secret, region := values[0], values[1], values[2], values[3]
	if (id == "") != (secret == "") {
		return nil, errors.New("bucket has one half of an access key: state the ID and the secret, or neither")
	}
	puts := &headBucket{taken: -1}
	if b.Retain != "" {
		var err error
		if puts.retain, err = caddy.ParseDuration(b.Retain); err != nil || puts.retain <= 0 {
			return nil, fmt.Errorf("heads cannot be retained for %q in a bucket: write a duration, such as 365d", b.Retain)
		}
	}
	server, err := url.Parse(address)
	if err != nil || server.Scheme != "https" && server.Scheme != "http" || server.Host == "" {
		return nil, errBucketURL
	}
	name, prefix, _ := strings.Cut(strings.Trim(server.Path, "/"), "/")
	if name == "" {
		return nil, errBucketURL
	}
	if prefix != "" {
		prefix += "/"
	}
	puts.bucket, puts.prefix = name, prefix
	puts.client, err = minio.New(server.Host, &minio.Options{
		Creds: bucketCredentials(id, secret), Secure: server.Scheme == "https", Region: region,
		MaxRetries: 1, // what signs heads tries again
	})
	if err != nil {
		return nil, fmt.Errorf("reading bucket: %w", err)
	}
	return puts, nil
}

var errBucketURL = errors.New("bucket needs the URL of a server and a bucket, such as https://s3.eu-central-1.amazonaws.com/acme-heads")

// bucketCredentials are those that are stated, or else those that the environment or the machine
// has when they are needed.
func bucketCredentials(id, secret string) *credentials.Credentials {
	if id != "" {
		return credentials.NewStaticV4(id, secret, "")
	}
	return credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.IAM{}})
}

// put puts a head into the bucket, unless it is there. The name of the object has the number of
// records, so that names are in the order of the log, and the root hash: a log that was altered
// overwrites nothing.
func (b *headBucket) put(ctx context.Context, signed []byte, head audit.Head, now time.Time) error {
	if head.Size == b.taken {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	options := minio.PutObjectOptions{
		ContentType: "text/plain; charset=utf-8",
		// Object Lock requires it: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
		SendContentMd5: true, DisableMultipart: true,
	}
	options.SetMatchETagExcept("*") // an object that is there stays as it is
	if b.retain > 0 {
		options.Mode, options.RetainUntilDate = minio.Compliance, now.Add(b.retain).UTC()
	}
	name := fmt.Sprintf("%s%s/%020d-%x.txt", b.prefix, head.Origin, head.Size, head.Root[:8])
	_, err := b.client.PutObject(ctx, b.bucket, name, bytes.NewReader(signed), int64(len(signed)), options)
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusPreconditionFailed {
		return fmt.Errorf("putting a head of the audit log into the bucket %s: %w", b.bucket, err)
	}
	b.taken = head.Size
	return nil
}
