#!/bin/sh
# Makes the certificates of this folder anew: see README.md.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cat > "$work/ca.conf" <<CONF
[ca]
default_ca = one
[one]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = names
unique_subject = no
[names]
commonName = supplied
[req]
distinguished_name = none
[none]
CONF
: > "$work/index.txt"

# issue FILE COMMON-NAME START END EXTENSIONS [-selfsign]: signed by the authority unless it signs itself
issue() {
  openssl req -new -config "$work/ca.conf" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout "$1.key.pem" -out "$work/$1.csr" -subj "/CN=$2" 2> "$work/log"
  printf '%b\n' "$5" > "$work/$1.ext"
  signer=ca
  [ $# -gt 5 ] && signer=$1
  openssl ca -batch -notext -config "$work/ca.conf" -in "$work/$1.csr" -out "$1.pem" -extfile "$work/$1.ext" \
    -startdate "$3" -enddate "$4" -keyfile "$signer.key.pem" ${6:--cert ca.pem} 2> "$work/log" || { cat "$work/log"; exit 1; }
}

long="20200101000000Z 21200101000000Z"
issue ca 'Test authority' $long 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign' -selfsign
issue server server $long 'subjectAltName=DNS:api.test,DNS:*.wild.test,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth'
issue named named $long 'subjectAltName=DNS:named.test\nextendedKeyUsage=serverAuth'
issue expired expired 20200101000000Z 20200201000000Z 'subjectAltName=DNS:api.test,IP:127.0.0.1\nextendedKeyUsage=serverAuth'
issue client 'gateway client' $long 'extendedKeyUsage=clientAuth'
issue self-signed self-signed $long 'subjectAltName=DNS:api.test,IP:127.0.0.1' -selfsign
rm ca.key.pem
