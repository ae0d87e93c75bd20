#!/bin/sh
# Makes certificates to try the example with, in the folder certs beside this file: an authority for the servers and one
# for the clients, two servers, and a client. They are valid for 30 days, and stand for nobody.
set -eu
umask 077
mkdir -p "$(dirname "$0")/certs"
cd "$(dirname "$0")/certs"

# authority FILE NAME
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$2" -keyout "$1.key" -out "$1.pem"
}

# issue FILE NAME AUTHORITY EXTENSION
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
  echo "$4" > "$1.ext"
  openssl x509 -req -days 30 -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -extfile "$1.ext" -out "$1.pem"
  rm "$1.csr" "$1.ext"
}

authority ca 'Example authority'
authority clients-ca 'Example authority for clients'
issue shop shop.test ca 'subjectAltName=DNS:shop.test,DNS:*.shop.test'
issue partners partners.test ca 'subjectAltName=DNS:partners.test'
issue client 'A partner' clients-ca 'extendedKeyUsage=clientAuth'
